using System.Net.Http.Headers;
using System.Text;

namespace ResNetEdge.Service.Outputs.Webhook;

/// <summary>An event as the request that its receiver understands: JSON, a form with a picture, or a picture with the words in headers.</summary>
/// <param name="settings">Of the output.</param>
/// <param name="zone">For times that people read.</param>
internal sealed class WebhookMessage(WebhookSettings settings, TimeZoneInfo zone)
{
    private const string PictureFile = "picture.jpg", PictureType = "image/jpeg";

    /// <summary>A request and its body, which is to be signed.</summary>
    /// <param name="key">Of the event.</param>
    /// <param name="json">The event.</param>
    /// <param name="picture">JPEG; null: none.</param>
    /// <exception cref="IOException">The event cannot be read.</exception>
    public (HttpRequestMessage Request, byte[] Body) Of(string key, byte[] json, byte[]? picture) => settings.Mode switch
    {
        PictureMode.Form => Form(key, json, picture),
        PictureMode.Body => Put(json, picture),
        _ => New(HttpMethod.Post, settings.Url.Uri, json, "application/json"),
    };

    private (HttpRequestMessage Request, byte[] Body) Form(string key, byte[] json, byte[]? picture)
    {
        var form = new FormBody($"resnetedge-{key}"); // as random as the key
        form.Add("event", "application/json", null, json);
        foreach (var (name, text) in Fields(EventWords.Of(json, zone))) form.Add(name, null, null, Encoding.UTF8.GetBytes(text));
        if (picture is not null) form.Add(settings.PicturePart, PictureType, PictureFile, picture);
        var url = picture is null && settings.UrlWithoutPicture is { } other ? other : settings.Url;
        return New(HttpMethod.Post, url.Uri, form.End(), form.ContentType);
    }

    // As ntfy takes it: a body with a file's name is an attachment, and the message is then in a header; else the body is the message.
    private (HttpRequestMessage Request, byte[] Body) Put(byte[] json, byte[]? picture)
    {
        var words = EventWords.Of(json, zone);
        var put = picture is not null
            ? New(HttpMethod.Put, settings.Url.Uri, picture, PictureType)
            : New(HttpMethod.Put, settings.Url.Uri, Encoding.UTF8.GetBytes(words.Sentence), "text/plain; charset=utf-8");
        var fields = Fields(words).ToList();
        if (picture is not null) fields.InsertRange(0, [("Filename", PictureFile), ("Message", words.Sentence)]);
        fields.Insert(0, ("Title", words.Rule));
        foreach (var (name, text) in fields)
        {
            put.Request.Headers.Remove(name); // one that the settings name wins
            put.Request.Headers.TryAddWithoutValidation(name, HeaderText.Of(text));
        }

        return put;
    }

    private IEnumerable<(string Name, string Text)> Fields(EventWords words) =>
        settings.Fields.Select(field => WebhookSettings.Split(field)).Select(field => (field.Name, words.Fill(field.Text)));

    private static (HttpRequestMessage Request, byte[] Body) New(HttpMethod method, Uri? url, byte[] body, string type)
    {
        var request = new HttpRequestMessage(method, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return (request, body);
    }
}
