using System.Globalization;
using System.Reflection;
using System.Text;

namespace StreamScorer.Worker.Observability;

/// <summary>Every log message in one table, from the attributes that make them.</summary>
internal static class LogPage
{
    private const string Head = """
        # Log messages

        This page is made from the code; a test fails when it is out of date.

        Logs go to standard error, as lines for people or as JSON (`Logging:Format`). There is none per event and none names a customer. `Logging:Level` is the
        least severe level; SIGHUP reads the configuration again and takes a changed level and policy over without a restart.

        | id | level | from | message |
        |---|---|---|---|

        """;

    /// <summary>The page as Markdown.</summary>
    /// <param name="assemblies">Whose messages.</param>
    public static string Build(params IEnumerable<Assembly> assemblies)
    {
        var page = new StringBuilder(Head);
        foreach ((LoggerMessageAttribute message, string origin) in Messages(assemblies).OrderBy(pair => pair.Message.EventId))
        {
            string level = message.Level == LogLevel.None ? "as the client says" : message.Level.ToString();
            page.Append(CultureInfo.InvariantCulture, $"| {message.EventId} | {level} | {origin} | {message.Message.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
        return page.ToString();
    }

    /// <summary>The messages and the last part of their assembly's name.</summary>
    public static IEnumerable<(LoggerMessageAttribute Message, string Origin)> Messages(IEnumerable<Assembly> assemblies) =>
        from assembly in assemblies
        from type in assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        select (message, type.Namespace!.Split('.')[1]);
}
