using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StreamScorer.Worker.Schemas;

/// <summary>The documentation comments of this program, as text for people who do not read the code.</summary>
internal static partial class Documentation
{
    private static readonly Lazy<Dictionary<string, XElement>> members = new(Load);

    /// <summary>Summary of a property, or of the parameter of a record that made it; empty when it has none.</summary>
    public static string Of(PropertyInfo property)
    {
        string type = property.DeclaringType!.FullName!.Replace('+', '.');
        if (members.Value.TryGetValue($"P:{type}.{property.Name}", out XElement? member) && member.Element("summary") is XElement summary)
            return Text(summary);
        return members.Value.TryGetValue($"T:{type}", out XElement? record)
            && record.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == property.Name) is XElement parameter
                ? Text(parameter)
                : "";
    }

    /// <summary>Summary of a type; empty when it has none.</summary>
    public static string Of(Type type) =>
        members.Value.TryGetValue($"T:{type.FullName!.Replace('+', '.')}", out XElement? member) && member.Element("summary") is XElement summary
            ? Text(summary)
            : "";

    private static Dictionary<string, XElement> Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, Path.ChangeExtension(typeof(Documentation).Assembly.GetName().Name + ".dll", ".xml"));
        return XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
    }

    private static string Text(XElement element) =>
        WhiteSpace().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "paramref" } reference => $"`{LastPart(reference.FirstAttribute!.Value)}`",
        XElement other => Text(other),
        _ => "",
    };

    private static string LastPart(string reference) => reference[(reference.LastIndexOfAny(['.', ':']) + 1)..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
