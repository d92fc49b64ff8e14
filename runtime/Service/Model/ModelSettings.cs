using ResNetEdge.Engines;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Model;

/// <summary>What the configuration says of the model.</summary>
/// <param name="Package">Folder, .zip, or a link to one; watched for a new one.</param>
/// <param name="Key">File of the public key that must have signed it; null: unsigned ones are taken.</param>
/// <param name="AllowDowngrade">A lower version than the highest that ran is taken.</param>
/// <param name="Engine">By name.</param>
/// <param name="Threads">Of the engine.</param>
internal sealed record ModelSettings(string Package, string? Key, bool AllowDowngrade, string Engine, int Threads)
{
    private static readonly Setting<string> PackageSetting = Settings.Text("package", "Model package: a folder, a .zip, or a link to one. "
        + "When it changes, the new one is verified and then takes over between two frames; a bad one is refused and the old one keeps running.");
    private static readonly Setting<string?> KeySetting = Settings.OptionalText(
        "key", "File of the public key (PEM, ECDSA P-256) that must have signed the package; if not set, unsigned packages are accepted.");
    private static readonly Setting<bool> DowngradeSetting =
        Settings.Bool("allow_downgrade", "Accepts a package whose version is lower than the highest that has ever run here.", false);
    private static readonly Setting<string> EngineSetting = Settings.Choice("engine", "Engine that runs the model.", FusedEngine.EngineName,
        [.. EngineTable.Names.Select(name => (name, name))]);
    private static readonly Setting<int> ThreadsSetting = Settings.Int("threads", "Number of threads of the engine.", 1, 1, 64);

    /// <summary>Threads for the frames of each camera, in the order of the configuration.</summary>
    public EqualList<int> CameraThreads { get; init; } = new([Threads]);

    /// <summary>The keys of the section <c>model</c>.</summary>
    public static Schema Schema { get; } =
        new("model", "The network.", [PackageSetting, KeySetting, DowngradeSetting, EngineSetting, ThreadsSetting]);

    /// <summary>Reads the section <c>model</c>; problems are added to its place.</summary>
    public static ModelSettings Read(Section section) =>
        new(section.Get(PackageSetting), section.Get(KeySetting), section.Get(DowngradeSetting), section.Get(EngineSetting),
            section.Get(ThreadsSetting));
}
