namespace StreamScorer.Redis;

/// <summary>
/// The Lua scripts. They are sent as text each time: a promoted replica or a restarted server does not know any script by its hash.
/// </summary>
internal static class RedisScripts
{
    /// <summary>Begins the refusals of these scripts: what is stored must be put right by somebody.</summary>
    public const string StateError = "STATE ";

    /// <summary>
    /// Raises the epoch and returns two lists: the whole meta as field, value, field, value, and the fields of the outbox. Keys: <see cref="PartitionKeys.All"/>.
    /// Arguments: the present unix milliseconds, then field and value of every meta field of a new partition.
    /// Everything is checked before the first write, because Redis does not roll a script back; a key of a wrong type would tear every later commit.
    /// </summary>
    public const string Claim = """
        local types = {'hash', 'hash', 'hash', 'hash', 'string', 'string', 'hash'}
        for i, wanted in ipairs(types) do
          local found = redis.call('TYPE', KEYS[i]).ok
          if found ~= 'none' and found ~= wanted then
            return redis.error_reply('STATE ' .. KEYS[i] .. ' is a ' .. found .. ' instead of a ' .. wanted
              .. ': written by an earlier build, which must publish its outbox before this one starts'
              .. ', or by something else that uses this key: set another prefix')
          end
        end
        local outboxRuns = redis.call('HKEYS', KEYS[4])
        local epoch, seq = 0, 0
        local fence = redis.call('HGET', KEYS[1], 'fence')
        if fence then
          epoch, seq = string.match(fence, '^(%d+):(%d+)$')
          if not epoch then
            return redis.error_reply('STATE field fence of ' .. KEYS[1] .. ' is "' .. fence .. '" instead of epoch:commitSeq: restore the key')
          end
        elseif redis.call('EXISTS', unpack(KEYS)) > 0 then
          return redis.error_reply('STATE ' .. KEYS[1] .. ' has no fence although the partition has data'
            .. ': restore it, or delete all keys of the partition to start anew')
        else
          redis.call('HSET', KEYS[1], unpack(ARGV, 2))
        end
        local raised = math.max(tonumber(epoch) + 1, tonumber(ARGV[1]))
        redis.call('HSET', KEYS[1], 'fence', string.format('%.0f:%s', raised, seq))
        return {redis.call('HGETALL', KEYS[1]), outboxRuns}
        """;

    /// <summary>Begins the shared record when there is none, and returns it as field, value. Key: the record. Arguments: field, value and so on.</summary>
    public const string ReadOrCreateApp = """
        if redis.call('EXISTS', KEYS[1]) == 0 then
          redis.call('HSET', KEYS[1], unpack(ARGV))
        end
        return redis.call('HGETALL', KEYS[1])
        """;

    /// <summary>Replaces the shared record while its revision is the expected one; returns 1 or 0. Key: the record. Arguments: revision, then field, value.</summary>
    public const string ReplaceApp = """
        if redis.call('HGET', KEYS[1], 'revision') ~= ARGV[1] then
          return 0
        end
        redis.call('HSET', KEYS[1], unpack(ARGV, 2))
        return 1
        """;

    /// <summary>Hot and cold record of one customer as of one instant. Keys: state, cold. Argument: the customer id.</summary>
    public const string ReadCustomer = """
        return {redis.call('HGET', KEYS[1], ARGV[1]), redis.call('HGET', KEYS[2], ARGV[1])}
        """;

    /// <summary>
    /// A page of customers, hot and cold record of each as of one instant. Keys: state, cold. Arguments: cursor, page size.
    /// Returns the next cursor (0 = end) and a flat list of id, hot, cold (empty = none).
    /// </summary>
    public const string ReadCustomers = """
        local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
        local customers = {}
        for i = 1, #page[2], 2 do
          customers[#customers + 1] = page[2][i]
          customers[#customers + 1] = page[2][i + 1]
          customers[#customers + 1] = redis.call('HGET', KEYS[2], page[2][i]) or ''
        end
        return {page[1], customers}
        """;
}
