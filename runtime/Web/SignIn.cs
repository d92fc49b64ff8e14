using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ResNetEdge.Web;

/// <summary>The token of a form, by which a browser gets its cookie.</summary>
internal static class SignIn
{
    /// <summary>A longer body is refused.</summary>
    public const int MaxBodyBytes = 1024;

    /// <summary>Name of the form's field, and of the page's parameter.</summary>
    public const string Field = "token";

    private static readonly FormOptions Limits = new()
    {
        BufferBody = false,
        BufferBodyLengthLimit = MaxBodyBytes,
        ValueCountLimit = 4,
        KeyLengthLimit = 64,
        ValueLengthLimit = AccessToken.MaxLength * 3, // each character may come as %XX
        MultipartBodyLengthLimit = 0,
    };

    /// <summary>Reads it; null when the body holds none.</summary>
    /// <exception cref="InvalidDataException">Too much of it.</exception>
    public static async Task<string?> ReadAsync(HttpRequest request)
    {
        if (request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return null;
        var form = await request.ReadFormAsync(Limits, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return form.TryGetValue(Field, out var value) ? value.ToString() : null;
    }
}
