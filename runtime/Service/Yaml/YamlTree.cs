using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ResNetEdge.Service.Yaml;

/// <summary>
/// A YAML file as a tree that knows its lines. Only what a configuration needs: one document of mappings, lists and scalars; anchors,
/// aliases and tags are refused, so that nothing is larger than its text.
/// </summary>
internal static class YamlTree
{
    /// <summary>A longer file is refused.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxDepth = 16;

    /// <summary>Reads a file.</summary>
    /// <exception cref="EdgeException">Exit 3: missing, too long, no UTF-8, no YAML, or YAML of a kind that is not read; with the line.</exception>
    public static YamlMapping Read(string path)
    {
        byte[] bytes;
        try
        {
            using var file = RegularFile.Open(path, 0);
            var buffer = new byte[MaxBytes + 1];
            int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length > MaxBytes) throw EdgeException.BadInput($"{path}: larger than {MaxBytes >> 10} KiB, the most allowed for a configuration");
            bytes = buffer[..length];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.BadInput($"{path}: cannot be read: {e.Message}", e);
        }

        return Parse(Utf8Text.Decode(bytes, path), path);
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">Of the whole file.</param>
    /// <param name="file">Named in refusals.</param>
    /// <exception cref="EdgeException">As for <see cref="Read"/>.</exception>
    public static YamlMapping Parse(string text, string file)
    {
        var scanner = new Scanner(new StringReader(text), skipComments: true);
        try
        {
            var parser = new Parser(scanner);
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) throw EdgeException.BadInput($"{file}: is empty");
            parser.Consume<DocumentStart>();
            var root = Value(parser, file, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Current is not StreamEnd)
                throw At(file, LineOf(parser.Current), "a second document begins here; a configuration must be one document");
            return root as YamlMapping ?? throw At(file, root.Line, "a configuration must be a mapping of names to values, such as 'model:'");
        }
        catch (YamlException e)
        {
            throw At(file, (int)Math.Max(e.Start.Line, scanner.CurrentPosition.Line),
                $"is not YAML: {FirstLine(e.Message)}{UnclosedBracket.In(text)}");
        }
        catch (InvalidOperationException e)
        {
            // What the parser throws where its own states run out.
            throw At(file, (int)scanner.CurrentPosition.Line, $"is not YAML: {e.Message}{UnclosedBracket.In(text)}");
        }
    }

    /// <summary>The exception for something in a file.</summary>
    public static EdgeException At(string file, int line, string sentence) => EdgeException.BadInput($"{file}:{line}: {sentence}");

    private static YamlValue Value(IParser parser, string file, int depth)
    {
        int line = LineOf(parser.Current);
        if (depth > MaxDepth) throw At(file, line, $"nested deeper than {MaxDepth}");
        switch (parser.Current)
        {
            case AnchorAlias:
                throw At(file, line, "aliases are not supported; repeat the value");
            case NodeEvent node when !node.Anchor.IsEmpty || !node.Tag.IsEmpty:
                throw At(file, line, "anchors and tags are not supported");
            case Scalar scalar:
                parser.MoveNext();
                return new YamlText(scalar.Value, scalar.Style is not ScalarStyle.Plain, line);
            case SequenceStart:
                return Sequence(parser, file, depth, line);
            case MappingStart:
                return Mapping(parser, file, depth, line);
            default:
                throw At(file, line, "a value is missing here");
        }
    }

    private static YamlSequence Sequence(IParser parser, string file, int depth, int line)
    {
        var items = new List<YamlValue>();
        parser.MoveNext();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Value(parser, file, depth + 1));
        return new YamlSequence(items, line);
    }

    private static YamlMapping Mapping(IParser parser, string file, int depth, int line)
    {
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        parser.MoveNext();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            int at = LineOf(parser.Current);
            if (Value(parser, file, depth + 1) is not YamlText name) throw At(file, at, "a name must be plain text");
            var value = Value(parser, file, depth + 1);
            if (!entries.TryAdd(name.Text, new YamlEntry(name.Text, at, value)))
                throw At(file, at, $"'{name.Text}' occurs twice, first in line {entries[name.Text].Line}");
        }

        return new YamlMapping([.. entries.Values.OrderBy(e => e.Line)], line);
    }

    private static int LineOf(ParsingEvent? at) => (int)(at?.Start.Line ?? 1);

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();
}
