using Microsoft.AspNetCore.Http.HttpResults;

namespace StreamScorer.Worker.Web;

/// <summary>The page and what it is made of, embedded in the program so that it is always there and always of the same version.</summary>
internal static class Page
{
    private static readonly Dictionary<string, string> contentTypes = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <summary><c>GET /</c>.</summary>
    public static Results<FileStreamHttpResult, NotFound> Serve() => ServeAsset("board.html");

    /// <summary><c>GET /assets/NAME</c>.</summary>
    public static Results<FileStreamHttpResult, NotFound> ServeAsset(string name) =>
        contentTypes.TryGetValue(Path.GetExtension(name), out string? contentType)
        && typeof(Page).Assembly.GetManifestResourceStream($"Pages/{name}") is Stream content
            ? TypedResults.Stream(content, contentType)
            : TypedResults.NotFound();
}
