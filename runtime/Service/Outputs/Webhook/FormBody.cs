using System.Buffers;
using System.Text;

namespace ResNetEdge.Service.Outputs.Webhook;

/// <summary>A form with files, multipart/form-data. Written by hand, since the whole body is signed.</summary>
/// <param name="boundary">Between parts; in none of them.</param>
/// <remarks>Source: RFC 7578.</remarks>
internal sealed class FormBody(string boundary)
{
    private readonly ArrayBufferWriter<byte> _body = new(4096);

    /// <summary>Type of the whole.</summary>
    public string ContentType => $"multipart/form-data; boundary={boundary}";

    /// <summary>Adds a part.</summary>
    /// <param name="name">ASCII without quotes.</param>
    /// <param name="type">Of its content; null: plain text.</param>
    /// <param name="file">Its file's name; null: it is no file.</param>
    /// <param name="content">The bytes.</param>
    public void Add(string name, string? type, string? file, ReadOnlySpan<byte> content)
    {
        string head = $"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"" + (file is null ? "" : $"; filename=\"{file}\"")
            + (type is null ? "" : $"\r\nContent-Type: {type}") + "\r\n\r\n";
        _body.Write(Encoding.ASCII.GetBytes(head));
        _body.Write(content);
        _body.Write("\r\n"u8);
    }

    /// <summary>All of it; no part comes after it.</summary>
    public byte[] End()
    {
        _body.Write(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
        return _body.WrittenSpan.ToArray();
    }
}
