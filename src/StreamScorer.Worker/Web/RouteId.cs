namespace StreamScorer.Worker.Web;

/// <summary>Customer ids in paths.</summary>
internal static class RouteId
{
    /// <summary>The server leaves an encoded slash as it is, because it would part the path; in an id it is a letter like any other.</summary>
    public static string Decode(string routeValue) => routeValue.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
