using ResNetEdge.Naming;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Cameras;

/// <summary>Cameras that a rule or a trigger is about: those that it names, or all. Equal when everything in it is.</summary>
/// <param name="Names">Of the cameras; none: all.</param>
internal sealed record CameraChoice(EqualList<string> Names)
{
    /// <summary>Every camera.</summary>
    public static CameraChoice All { get; } = new(new EqualList<string>([]));

    /// <summary>Where the names stand.</summary>
    public FileLine Line { get; init; }

    /// <summary>The setting by which cameras are named.</summary>
    /// <param name="help">What is done with them.</param>
    public static Setting<IReadOnlyList<string>> Setting(string help) => Settings.Texts("camera", help);

    /// <summary>Reads the setting.</summary>
    public static CameraChoice Read(Section section, Setting<IReadOnlyList<string>> setting) =>
        new(new EqualList<string>(section.Get(setting))) { Line = section.LineOf(setting) };

    /// <summary>Whether a camera is among them.</summary>
    /// <param name="camera">Its name; null: the service's one camera, which has none.</param>
    public bool Has(string? camera) => Names.Count == 0 || (camera is not null && Names.Contains(camera));

    /// <summary>Notes cameras that there are not.</summary>
    /// <param name="kind">Of what names them: rule or trigger.</param>
    /// <param name="name">Of what names them.</param>
    /// <param name="cameras">Names of all cameras of the file; empty: its one camera has none.</param>
    /// <param name="place">Of the file.</param>
    public void Check(string kind, string name, IReadOnlyCollection<string> cameras, Place place)
    {
        foreach (string camera in Names.Where(c => !cameras.Contains(c)))
        {
            place.Add(Line.Number, $"{kind} '{name}' names the unknown camera '{camera}'; " + (cameras.Count > 0
                ? Spelling.Suggestion(camera, cameras) : $"only cameras of the list 'cameras' have names: leave 'camera' out of the {kind}"));
        }
    }
}
