namespace ResNetEdge.Packages;

/// <summary>Passes bytes on and keeps their count, SHA-256 and CRC-32C, so that what is written is read no second time.</summary>
internal sealed class HashingStream(Stream target) : Stream
{
    private readonly Sha256 _sha256 = new();
    private Crc32C _crc32c = new();
    private long _length;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>What was written, for the manifest; once, at the end.</summary>
    public ManifestFile Describe(string path) => new(path, _length, _sha256.FinishHex(), _crc32c.ToHex());

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        target.Write(buffer);
        _sha256.Append(buffer);
        _crc32c.Append(buffer);
        _length += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => target.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
