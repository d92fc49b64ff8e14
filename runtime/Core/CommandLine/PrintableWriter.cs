using System.Text;

namespace ResNetEdge.CommandLine;

/// <summary>
/// The last step before a terminal: whatever a program writes, nothing in it commands the terminal
/// or turns its text around. Ends of lines and tabs stay.
/// </summary>
/// <param name="inner">Where it goes.</param>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        if (char.IsSurrogate(value)) inner.Write(value);
        else inner.Write(PrintableText.Lines(value.ToString()));
    }

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(value is null ? null : PrintableText.Lines(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <summary>In one piece, so that lines of several threads stay whole.</summary>
    public override void WriteLine(string? value) => Write(value + "\n");

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
