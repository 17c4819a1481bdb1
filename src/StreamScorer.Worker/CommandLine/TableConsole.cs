using Spectre.Console;

namespace StreamScorer.Worker.CommandLine;

/// <summary>A console for tables: colours and the terminal's width for a person who watches, plain text and a fixed width for a file or a pipe.</summary>
internal static class TableConsole
{
    private const int RedirectedWidth = 140;

    /// <summary>A console that writes to <paramref name="output"/>.</summary>
    public static IAnsiConsole On(TextWriter output)
    {
        bool plain = Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (plain)
            console.Profile.Width = RedirectedWidth;
        return console;
    }
}
