#!/usr/bin/env bash
# Builds everything and runs every test: real Redis, a Kafka broker in a process of its own, worker processes.
# Needs the .NET 10 SDK; installs the Debian packages below when they are missing. The last line is the sum over all test projects.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
exec </dev/null
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

results=$PWD/artifacts/test-results

install_missing_packages() {
    local missing=()
    command -v redis-server >/dev/null || missing+=(redis-server)
    ldconfig -p | grep -q 'librdkafka\.so\.1' || missing+=(librdkafka1)
    command -v kcat >/dev/null || missing+=(kcat)
    command -v chromium >/dev/null || missing+=(chromium)
    command -v promtool >/dev/null || missing+=(prometheus)
    command -v docker-compose >/dev/null || missing+=(docker-compose)
    command -v npm >/dev/null || missing+=(nodejs npm)
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "Installing ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        echo "error: not root; run: sudo apt-get install -y ${missing[*]}" >&2
        return 1
    fi
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# Sums one counter over the result files: passed, failed and so on.
sum() {
    grep -ho "<Counters [^>]*>" "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'
}

finish() {
    local passed failed total
    passed=$(sum passed)
    total=$(sum total)
    failed=$(($(sum failed) + $(sum error) + $(sum timeout) + $(sum aborted) + $1))
    local skipped=$((total - passed - $(sum failed) - $(sum error) - $(sum timeout) - $(sum aborted)))
    [ "$total" -gt 0 ] || { echo "error: no test was run" >&2; [ "$failed" -gt 0 ] || failed=1; }
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}

rm -rf "$results"
command -v dotnet >/dev/null || { echo "error: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; finish 1; }
install_missing_packages || finish 1
checks=tests/contracts-check
[ $checks/node_modules/.package-lock.json -nt $checks/package-lock.json ] || npm ci --prefix $checks --no-audit --no-fund --ignore-scripts || finish 1
dotnet build StreamScorer.sln -c Release || finish 1

# A project whose test process dies writes no failed test: it is noted in $broken and counts as one itself.
test_project() {
    local name status
    name=$(basename "$1" .csproj)${lacking:+-without-$lacking}
    dotnet test "$1" -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
        --blame-hang-timeout 15m --blame-hang-dump-type none "${@:2}"
    status=$?
    if [ $status -ne 0 ] && ! grep -q 'outcome="Failed"' "$results/$name.trx" 2>/dev/null; then
        echo "error: $name ended with exit code $status" | tee -a "$broken" >&2
    fi
}

# The end-to-end tests mostly wait for other processes, so they run beside the rest; their output follows at the end.
mkdir -p "$results"
broken=$results/broken.log beside=$results/end-to-end.log
: >"$broken"
end_to_end=tests/StreamScorer.EndToEnd/StreamScorer.EndToEnd.csproj
test_project $end_to_end >"$beside" 2>&1 &
for project in tests/*/*.csproj; do
    [ "$project" != $end_to_end ] && grep -q '<IsTestProject>true</IsTestProject>' "$project" && test_project "$project"
done
# Processors with shorter vectors, and with none, take other paths through what is written for the longest.
vectors="FullyQualifiedName~Eight_values|FullyQualifiedName~Assessing_gives|(FullyQualifiedName~DuplicateRingTests&FullyQualifiedName!~Agrees_with)"
for lacking in AVX512 HWIntrinsic; do
    for project in Scoring Engine; do
        test_project tests/StreamScorer.$project.Tests/StreamScorer.$project.Tests.csproj --environment "DOTNET_Enable$lacking=0" --filter "$vectors" \
            -- RunConfiguration.TreatNoTestsAsError=true
    done
done
unset lacking
# The code stays right for the newest clients too. Compiled only: the feed may lack what they need to run.
dotnet build StreamScorer.sln -c Release -p:Clients=current -p:CompileOnly=true --artifacts-path artifacts/clients-current -v q \
    || echo "error: the solution does not compile with -p:Clients=current" | tee -a "$broken" >&2
wait
cat "$beside"
finish "$(wc -l <"$broken")"
