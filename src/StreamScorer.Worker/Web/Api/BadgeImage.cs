using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Web.Api;

/// <summary>A badge as SVG: the tier in its colour, a sign for what comes, and both in words for screen readers.</summary>
internal static class BadgeImage
{
    /// <summary>Language tag of English.</summary>
    public const string English = "en";

    /// <summary>Language tag of Chinese.</summary>
    public const string Chinese = "zh";

    private const string PlainColour = "#475569";
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    // White text on each has a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3).
    private static readonly Dictionary<string, (string Colour, string Chinese)> tiers = new(StringComparer.Ordinal)
    {
        ["platinum"] = ("#4c5a78", "铂金级"),
        ["gold"] = ("#8a6100", "黄金级"),
        ["iron"] = ("#5f5652", "钢铁级"),
        ["lead"] = ("#4b4f58", "乌铅级"),
        ["silver"] = ("#616c78", "白银级"),
        ["bronze"] = ("#8c4f1f", "青铜级"),
        ["jade"] = ("#1f6f4a", "玉质"),
        ["unranked"] = (PlainColour, "未评级"),
    };

    /// <summary>The image, the same bytes for the same tier, drop and language.</summary>
    public static byte[] Draw(CustomerProfile profile, string language)
    {
        string tier = profile.Tiers[profile.BadgeScheme].Tier;
        (string colour, string chinese) = tiers.GetValueOrDefault(tier, (PlainColour, tier));
        bool drops = profile.PendingDrop?.Scheme == profile.BadgeScheme;
        string name = language == Chinese ? chinese : tier;
        string description = (language, drops) switch
        {
            (Chinese, true) => $"客户层级:{name},即将下降",
            (Chinese, false) => $"客户层级:{name}",
            (_, true) => $"Customer tier: {name}, may drop",
            _ => $"Customer tier: {name}",
        };
        string text = drops ? $"{name} ▼" : name;
        int width = 28 + text.Sum(letter => letter > 0xff ? 15 : 9);
        var image = new XElement(
            svg + "svg",
            new XAttribute("width", width),
            new XAttribute("height", 28),
            new XAttribute("viewBox", $"0 0 {width} 28"),
            new XAttribute("role", "img"),
            new XAttribute(XNamespace.Xml + "lang", language),
            new XElement(svg + "title", description),
            new XElement(svg + "rect", new XAttribute("width", width), new XAttribute("height", 28), new XAttribute("rx", 14), new XAttribute("fill", colour)),
            new XElement(
                svg + "text",
                new XAttribute("x", width / 2),
                new XAttribute("y", 19),
                new XAttribute("text-anchor", "middle"),
                new XAttribute("font-family", "system-ui, sans-serif"),
                new XAttribute("font-size", 14),
                new XAttribute("font-weight", 600),
                new XAttribute("fill", "#ffffff"),
                text));
        return Encoding.UTF8.GetBytes(image.ToString(SaveOptions.DisableFormatting));
    }

    /// <summary>Strong entity tag of an image, quoted.</summary>
    public static string Tag(byte[] image) => $"\"{Convert.ToHexStringLower(SHA256.HashData(image).AsSpan(0, 8))}\"";
}
