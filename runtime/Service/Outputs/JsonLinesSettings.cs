using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs;

/// <summary>JSON lines into a file or to stdout. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Path">Of the file; null: stdout.</param>
/// <param name="MaxMib">A file that would grow beyond is put aside.</param>
/// <param name="Files">Kept, the one written to included.</param>
/// <param name="Feed">What is written.</param>
internal sealed record JsonLinesSettings(string Name, string? Path, int MaxMib, int Files, FeedSettings Feed) : SinkSettings(Name, TypeName)
{
    private const string TypeName = "json_lines";

    private static readonly Setting<string> PathSetting = Settings.Text("path", "File to write to, or 'stdout'.", "stdout");
    private static readonly Setting<int> MaxSetting =
        Settings.Int("max_mib", "A file that would exceed this size is renamed to 'path.1', the previous one to 'path.2', and so on.", 16, 1, 65536);
    private static readonly Setting<int> FilesSetting =
        Settings.Int("files", "Number of files kept, including the one being written; they take at most files times max_mib on disk.", 4, 1, 1000);

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "One JSON object per line, to a file or to stdout.", [PathSetting, .. FeedSettings.All, MaxSetting, FilesSetting]), Read);

    /// <inheritdoc/>
    public override bool WantsResults => Feed.Results;

    /// <inheritdoc/>
    public override bool WantsEvents => Feed.Events;

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) =>
        new JsonLinesSink(this, context, Path is null ? new StdoutLines() : new RotatingFile(Path, (long)MaxMib << 20, Files));

    private static JsonLinesSettings Read(string name, Section section)
    {
        string path = section.Get(PathSetting);
        return new(name, path is "-" or "stdout" ? null : path, section.Get(MaxSetting), section.Get(FilesSetting), FeedSettings.Read(section));
    }
}
