using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;

namespace StreamScorer.Standalone.Database;

/// <summary>A read that the file refuses now (busy, disk failing) as each port's own exception: it is tried again.</summary>
internal static class ReadFailure
{
    public static T OfState<T>(Func<T> read) => Guard(read, (message, cause) => new StateStoreException(message, cause) { IsTransient = true });

    public static T OfInput<T>(Func<T> read) => Guard(read, (message, cause) => new EventSourceException(message, cause) { IsTransient = true });

    public static T OfOutput<T>(Func<T> read) => Guard(read, (message, cause) => new TransitionSinkException(message, cause) { IsTransient = true });

    private static T Guard<T>(Func<T> read, Func<string, Exception, Exception> failure)
    {
        try
        {
            return read();
        }
        catch (SqliteException exception)
        {
            throw failure($"the standalone file cannot be read now: {exception.Message}", exception);
        }
    }
}
