using System.Text.RegularExpressions;

namespace StreamScorer.Tidy;

/// <summary>A member with a body: the line of its signature's end, from 1, and the lines from there to the closing brace.</summary>
internal readonly record struct Method(int StartLine, int Length);

/// <summary>Finds the members of a source file by their braces, which stand on lines of their own in this repository.</summary>
internal static partial class MethodFinder
{
    private enum Block
    {
        Type,
        Member,
        Inner,
    }

    /// <summary>Members in the order of their ends.</summary>
    public static List<Method> Find(IReadOnlyList<string> lines)
    {
        var methods = new List<Method>();
        var open = new Stack<(Block Kind, int Line)>();
        bool inRawText = false;
        for (int i = 0; i < lines.Count; i++)
        {
            bool wasRawText = inRawText;
            inRawText ^= RawTextMark().Count(lines[i]) % 2 == 1;
            string line = lines[i].Trim();
            if (wasRawText || inRawText)
                continue;
            if (line == "{")
                open.Push((Kind(lines, i, open), i));
            else if (line.StartsWith('}') && open.TryPop(out (Block Kind, int Line) block) && block.Kind == Block.Member)
                methods.Add(new Method(block.Line, i - block.Line + 2));
        }
        return methods;
    }

    private static Block Kind(IReadOnlyList<string> lines, int brace, Stack<(Block Kind, int Line)> open)
    {
        if (open.TryPeek(out (Block Kind, int Line) parent) && parent.Kind != Block.Type)
            return Block.Inner;
        int start = brace;
        while (start > 0 && lines[start - 1].Trim() is string above && above.Length > 0 && !above.EndsWith(';') && above is not ("{" or "}"))
            start--;
        // Comments and attributes stand on lines of their own and say nothing about the kind.
        IEnumerable<string> declaration = lines.Skip(start).Take(brace - start).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal) && !l.TrimStart().StartsWith('['));
        return TypeDeclaration().IsMatch(string.Join(' ', declaration)) ? Block.Type : Block.Member;
    }

    [GeneratedRegex("\"\"\"")]
    private static partial Regex RawTextMark();

    [GeneratedRegex(@"^\s*((public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(class|struct|record|interface|enum|namespace)\b")]
    private static partial Regex TypeDeclaration();
}
