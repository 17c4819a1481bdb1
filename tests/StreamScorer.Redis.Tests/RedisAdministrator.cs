using StackExchange.Redis;

namespace StreamScorer.Redis.Tests;

/// <summary>Single commands from outside the product.</summary>
internal static class RedisAdministrator
{
    public static async Task<RedisResult> ExecuteAsync(string endpoint, string command, params object[] arguments)
    {
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{endpoint},allowAdmin=true");
        RedisResult result = await connection.GetDatabase().ExecuteAsync(command, arguments);
        await connection.CloseAsync();
        return result;
    }
}
