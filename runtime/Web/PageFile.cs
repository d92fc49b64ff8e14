using System.Reflection;
using System.Text;

namespace ResNetEdge.Web;

/// <summary>A file of the live page, as it lies in the program.</summary>
/// <param name="ContentType">What it is.</param>
/// <param name="Bytes">All of it.</param>
internal sealed record PageFile(string ContentType, byte[] Bytes)
{
    private const string Html = "text/html; charset=utf-8";

    /// <summary>The line of the sign-in page that only a wrong token brings.</summary>
    private const string Alert = "    <p class=\"alert\" role=\"alert\">That is not this device's token.</p>\n";

    /// <summary>The live page itself.</summary>
    public static PageFile Page { get; } = Load("page.html", Html);

    /// <summary>Asks for the token again, after a wrong one.</summary>
    public static PageFile SignInAgain { get; } = Load("sign-in.html", Html);

    /// <summary>Asks for the token.</summary>
    public static PageFile SignIn { get; } = SignInAgain.Without(Alert);

    /// <summary>Leads on to the page.</summary>
    public static PageFile SignedIn { get; } = Load("signed-in.html", Html);

    /// <summary>Files that show nothing of the service, and are given to everybody.</summary>
    public static IReadOnlyDictionary<string, PageFile> Open { get; } = new Dictionary<string, PageFile>(StringComparer.Ordinal)
    {
        ["/page.css"] = Load("page.css", "text/css; charset=utf-8"),
        ["/page.js"] = Load("page.js", "text/javascript; charset=utf-8"),
        ["/icon.svg"] = Load("icon.svg", "image/svg+xml"),
    };

    private PageFile Without(string line)
    {
        string text = Encoding.UTF8.GetString(Bytes);
        if (!text.Contains(line, StringComparison.Ordinal)) throw new InvalidOperationException($"a file of the page lacks the line '{line.Trim()}'");
        return this with { Bytes = Encoding.UTF8.GetBytes(text.Replace(line, "", StringComparison.Ordinal)) };
    }

    private static PageFile Load(string name, string contentType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the program lacks its own file '{name}'");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new(contentType, bytes);
    }
}
