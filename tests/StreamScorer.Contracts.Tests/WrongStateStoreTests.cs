using StreamScorer.Contracts.Tests.Wrong;
using Xunit;

namespace StreamScorer.Contracts.Tests;

/// <summary>The state store's contract is sharp: it passes a right store and catches each wrong one.</summary>
public sealed class WrongStateStoreTests
{
    [Fact]
    public async Task A_right_store_passes_every_check()
    {
        foreach (string check in ContractRun.Checks)
            Assert.True(await ContractRun.PassesAsync(Flaw.None, check), check);
    }

    [Theory]
    [InlineData(Flaw.SkipsTheFence, nameof(StateStoreContract.A_commit_after_a_newer_claim_is_fenced))]
    [InlineData(Flaw.ComparesEpochsOnly, nameof(StateStoreContract.Of_owners_that_commit_at_once_on_the_same_fence_exactly_one_is_applied))]
    [InlineData(Flaw.KeepsAPartOfARefusedCommit, nameof(StateStoreContract.A_commit_after_a_newer_claim_is_fenced))]
    [InlineData(Flaw.AppliesHalf, nameof(StateStoreContract.Ids_and_records_of_any_bytes_come_back_as_they_were))]
    [InlineData(Flaw.ForgetsTheOutbox, nameof(StateStoreContract.Outbox_entries_load_by_sequence_until_they_are_trimmed))]
    [InlineData(Flaw.ForgetsRemovals, nameof(StateStoreContract.A_removed_customer_is_gone_hot_and_cold))]
    [InlineData(Flaw.ForgetsColdRemovals, nameof(StateStoreContract.A_removed_cold_record_is_gone_and_the_hot_one_stays))]
    [InlineData(Flaw.ForgetsTheTrim, nameof(StateStoreContract.Outbox_entries_load_by_sequence_until_they_are_trimmed))]
    [InlineData(Flaw.DropsIdsBeyondTheRing, nameof(StateStoreContract.The_duplicates_ring_keeps_the_newest_ids_in_their_slots))]
    [InlineData(Flaw.CopiesTooLate, nameof(StateStoreContract.An_accepted_commit_is_applied_and_moves_the_fence_by_one))]
    [InlineData(Flaw.ClaimsWithoutRaising, nameof(StateStoreContract.Of_two_competing_owners_only_the_last_to_claim_writes_whatever_the_schedule))]
    [InlineData(Flaw.TrustsTheClock, nameof(StateStoreContract.A_claim_raises_the_epoch_to_the_clock_or_by_one_whatever_the_clock_says))]
    [InlineData(Flaw.HealsALostStore, nameof(StateStoreContract.A_commit_to_a_store_that_forgot_the_partition_finds_the_store_lost_and_creates_nothing))]
    [InlineData(Flaw.CallsEverythingFenced, nameof(StateStoreContract.A_commit_of_an_epoch_that_the_store_has_not_seen_is_stale))]
    [InlineData(Flaw.MixesPartitions, nameof(StateStoreContract.Partitions_do_not_touch_each_other))]
    [InlineData(Flaw.LoadsTwice, nameof(StateStoreContract.A_later_record_replaces_the_earlier_one_and_only_that))]
    [InlineData(Flaw.ForgetsErasures, nameof(StateStoreContract.Erasure_markers_stay_until_they_are_removed))]
    [InlineData(Flaw.KeepsErasures, nameof(StateStoreContract.Erasure_markers_stay_until_they_are_removed))]
    [InlineData(Flaw.ForgetsTheReset, nameof(StateStoreContract.A_reset_empties_the_partition_but_for_its_outbox_and_erasure_markers))]
    [InlineData(Flaw.OverwritesTheApp, nameof(StateStoreContract.Of_two_that_change_the_shared_record_at_once_one_is_refused))]
    [InlineData(Flaw.MixesPolicies, nameof(StateStoreContract.Policies_are_kept_by_version_and_never_replaced))]
    [InlineData(Flaw.ReadsTorn, nameof(StateStoreContract.A_reader_never_sees_two_commits_mixed))]
    public async Task A_wrong_store_is_caught(Flaw flaw, string check) => Assert.False(await ContractRun.PassesAsync(flaw, check));
}
