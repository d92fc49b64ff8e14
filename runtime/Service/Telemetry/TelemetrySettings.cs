using ResNetEdge.Device;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Telemetry;

/// <summary>What the configuration says of pushing metrics. Equal when everything in it is.</summary>
/// <param name="Endpoint">Where metrics are posted to; null: they are not.</param>
/// <param name="Interval">Between two pushes.</param>
/// <param name="HeadersFile">Lines <c>Name: value</c> that go along, for keys; null: none.</param>
/// <param name="Instance">What the collector calls this device.</param>
internal sealed record TelemetrySettings(SafeAddress? Endpoint, TimeSpan Interval, string? HeadersFile, string Instance)
{
    private static readonly Setting<SafeAddress?> EndpointSetting = Settings.OptionalAddress(
        "endpoint",
        "Address at which an OpenTelemetry collector accepts metrics by OTLP over HTTP in JSON, with its path: http://collector:4318/v1/metrics.",
        "http://collector:4318/v1/metrics");

    private static readonly Setting<TimeSpan> IntervalSetting =
        Settings.Duration("interval_s", "Time between two pushes.", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    private static readonly Setting<string?> HeadersSetting = Settings.OptionalText(
        "headers_file", "File of lines 'Name: value' that are sent with every push, such as 'Authorization: Bearer ...'; read again each time.");
    private static readonly Setting<string?> InstanceSetting =
        Settings.OptionalText("instance", "Name of this device for the collector (service.instance.id); default: the machine's name.");

    /// <summary>The keys of the section <c>telemetry</c>.</summary>
    public static Schema Schema { get; } = new(
        "telemetry", "Metrics pushed to an OpenTelemetry collector, for devices that cannot be reached from outside.",
        [EndpointSetting, IntervalSetting, HeadersSetting, InstanceSetting]);

    /// <summary>Nothing is pushed.</summary>
    public static TelemetrySettings None { get; } = new(null, IntervalSetting.FallbackValue, null, Environment.MachineName);

    /// <summary>Reads the section <c>telemetry</c>; problems are added to its place.</summary>
    public static TelemetrySettings Read(Section section)
    {
        var settings = new TelemetrySettings(section.Get(EndpointSetting), section.Get(IntervalSetting), section.Get(HeadersSetting),
            section.Get(InstanceSetting) ?? Environment.MachineName);
        if (settings is { Endpoint: null, HeadersFile: not null }) section.Problem(HeadersSetting, "needs 'endpoint'");
        return settings;
    }

    /// <summary>Refuses what can never work, at once rather than at the first push.</summary>
    /// <exception cref="EdgeException">Exit 3: there is no such file of headers. Exit 5: the
    /// endpoint is https and OpenSSL is not installed.</exception>
    public void Require()
    {
        if (Endpoint is null) return;
        NetworkTrouble.RequireTls(Endpoint, "'telemetry.endpoint' with https");
        SecretFile.Require(HeadersFile, "'telemetry.headers_file'");
    }
}
