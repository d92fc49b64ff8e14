using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>Messages to an MQTT broker. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Host">Name or address of the broker.</param>
/// <param name="Port">Of the broker.</param>
/// <param name="IsTls">Encrypted, the broker's certificate checked.</param>
/// <param name="CaFile">Root certificates to trust, PEM; null: the system's.</param>
/// <param name="ClientId">By which the broker knows this client.</param>
/// <param name="User">Null: none.</param>
/// <param name="PasswordFile">Its first line is the password; null: none.</param>
/// <param name="Topic">Beginning of all topics.</param>
/// <param name="Qos">0: at most once; 1: at least once.</param>
/// <param name="IsRetained">The broker keeps each rule's last event.</param>
/// <param name="KeepAlive">The broker learns of a lost client after one and a half of it.</param>
/// <param name="Feed">What is sent.</param>
internal sealed record MqttSettings(
    string Name, string Host, int Port, bool IsTls, string? CaFile, string ClientId, string? User, string? PasswordFile, string Topic, int Qos,
    bool IsRetained, TimeSpan KeepAlive, FeedSettings Feed)
    : SinkSettings(Name, TypeName)
{
    /// <summary>Ends of topics, below <see cref="Topic"/>.</summary>
    public const string StatusTopic = "status", ResultTopic = "result", RuleTopic = "rule", PictureTopic = "picture";

    private const string TypeName = "mqtt";
    private const int LongestText = 512; // bytes; the protocol takes 65,535

    private static readonly Setting<string> HostSetting = Settings.Text("host", "Name or address of the broker.");
    private static readonly Setting<int?> PortSetting = Settings.OptionalInt("port", "Port of the broker.", "1883, with tls 8883", 1, 65535);
    private static readonly Setting<bool> TlsSetting =
        Settings.Bool("tls", "Encrypts the connection and checks the broker's certificate.", false);
    private static readonly Setting<string?> CaSetting = Settings.OptionalText("ca_file", "Certificates to trust instead of the system's, PEM: "
        + "roots, and intermediates that the broker does not send; or the broker's own if it is self-signed.");
    private static readonly Setting<string?> CertificateSetting = Settings.OptionalText("cert_file",
        "Certificate that is shown to a broker that asks for one, PEM: the client's own, then intermediates.");
    private static readonly Setting<string?> KeySetting = Settings.OptionalText("key_file", "Private key of 'cert_file', PEM, not encrypted.");
    private static readonly Setting<string?> ClientSetting =
        Settings.OptionalText("client_id", "Unique name by which the broker knows this client; default: 'resnetedge-' and the machine's name.");
    private static readonly Setting<string?> UserSetting = Settings.OptionalText("user", "Name to log in with.");
    private static readonly Setting<string?> PasswordSetting = Settings.OptionalText("password_file", "File whose first line is the password.");
    private static readonly Setting<string> TopicSetting = Settings.Text("topic",
        "Prefix of all topics: results go to topic/result, events to topic/rule/NAME, 'online' and 'offline' to topic/status. With 'cameras', "
            + "results and events of a camera go to topic/CAMERA/result and topic/CAMERA/rule/NAME.", "resnetedge");
    private static readonly Setting<int> QosSetting = Settings.Int(
        "qos", "0: each message is sent once and may be lost; 1: it is sent until the broker has acknowledged it and may arrive twice.", 1, 0, 1);
    private static readonly Setting<bool> RetainSetting =
        Settings.Bool("retain", "The broker keeps each rule's last event for later subscribers.", false);
    private static readonly Setting<TimeSpan> KeepAliveSetting = Settings.Duration(
        "keepalive_s", "The broker publishes 'offline' after one and a half times this without a message.", TimeSpan.FromSeconds(30),
        TimeSpan.FromSeconds(2), TimeSpan.FromHours(1));

    private static readonly Setting<string?> HomeAssistantSetting = Settings.OptionalText("home_assistant", "Prefix of Home Assistant's discovery "
        + "topics, usually 'homeassistant': announces a binary sensor for each rule and a sensor for the last label, with availability; it sets "
        + "'retain'. Needs Home Assistant 2024.11 or later.");

    private static readonly Setting<bool> PictureSetting = Settings.Bool("picture", "Publishes the frame that turned a rule on to "
        + "topic/picture/NAME, as JPEG, before the event; 'retain' applies to it too. Home Assistant gets an image for each rule.", false);

    /// <summary>How a broker is reached, which stands beside what it is used for.</summary>
    public static IReadOnlyList<Setting> Connection { get; } =
        [
            HostSetting, PortSetting, TlsSetting, CaSetting, CertificateSetting, KeySetting, ClientSetting, UserSetting, PasswordSetting,
            KeepAliveSetting,
        ];

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName,
        new Schema(TypeName, "Messages to an MQTT 3.1.1 broker.", [HostSetting, PortSetting, TlsSetting, CaSetting, CertificateSetting, KeySetting,
            ClientSetting, UserSetting, PasswordSetting, TopicSetting, QosSetting, RetainSetting, HomeAssistantSetting, KeepAliveSetting,
            PictureSetting, .. PictureForm.All, .. FeedSettings.All]),
        Read);

    /// <summary>The client's certificate, PEM; null: none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its private key, PEM; null: none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Prefix of Home Assistant's discovery topics; null: nothing is announced.</summary>
    public string? HomeAssistant { get; init; }

    /// <summary>Names of the rules whose events are sent, for each camera that they watch; empty where nothing is announced.</summary>
    public EqualList<(string? Camera, string Rule)> Rules { get; init; } = new([]);

    /// <summary>Names of the cameras; empty where the only one has none, and where nothing is announced.</summary>
    public EqualList<string> Cameras { get; init; } = new([]);

    /// <inheritdoc/>
    public override PictureForm? Picture => Pictures;

    /// <summary>Size and quality of the pictures; null: none are sent.</summary>
    public PictureForm? Pictures { get; init; }

    /// <summary>Whether a character means something in a topic, which it does not in a rule's name: there it becomes '_'.</summary>
    public static bool IsSpecial(int c) => c is '+' or '#' or '/';

    /// <summary>A rule's name as the last level of a topic.</summary>
    public static string Level(string rule) => string.Concat(rule.Select(static c => IsSpecial(c) ? '_' : c));

    /// <summary>Notes rules that would share a topic, and with it a retained message.</summary>
    /// <param name="rules">All of the file.</param>
    /// <param name="place">Of the file.</param>
    public static void CheckTopics(IReadOnlyList<RuleSettings> rules, Place place)
    {
        foreach (var alike in rules.DistinctBy(r => r.Name)
            .GroupBy(static r => Level(r.Name), StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var first = alike.First();
            foreach (var rule in alike.Skip(1))
                place.Add(rule.NameLine.Number, $"rule '{rule.Name}' would have the same MQTT topic as rule '{first.Name}' in line "
                    + $"{first.NameLine.Number} ('{alike.Key}'): rename one of them");
        }
    }

    /// <inheritdoc/>
    public override bool WantsResults => Feed.Results;

    /// <inheritdoc/>
    public override bool WantsEvents => Feed.Events;

    /// <inheritdoc/>
    public override SinkSettings For(IReadOnlyList<RuleSettings> rules, IReadOnlyList<string> cameras)
    {
        if (HomeAssistant is null) return this;
        IReadOnlyList<string?> of = cameras.Count == 0 ? [null] : [.. cameras];
        var sent = from rule in rules
                   where WantsEvents || rule.Actions.Contains(Name)
                   from camera in of.Where(rule.Watches)
                   select (camera, rule.Name);
        return this with { Rules = new([.. sent]), Cameras = new(cameras) };
    }

    /// <summary>Where results or events are published: below <see cref="Topic"/>, and there below the camera's name if it has one.</summary>
    public string Under(string? camera, string end) => camera is null ? $"{Topic}/{end}" : $"{Topic}/{camera}/{end}";

    /// <inheritdoc/>
    public override ISink Open(SinkContext context)
    {
        SecretFile.Require(PasswordFile, $"output '{Name}'");
        if (IsTls) MqttTls.Require(this);
        return new MqttSink(this, context);
    }

    /// <summary>Reads everything that the section has; problems are added to its place.</summary>
    public static MqttSettings Read(string name, Section section)
    {
        bool isTls = section.Get(TlsSetting);
        string host = section.Get(HostSetting);
        string? user = section.Get(UserSetting), password = section.Get(PasswordSetting), ca = section.Get(CaSetting);
        string topic = section.Get(TopicSetting), client = section.Get(ClientSetting) ?? $"resnetedge-{Environment.MachineName}";
        if (password is not null && user is null) section.Problem(PasswordSetting, "needs 'user': the protocol has no password without a user name");
        if (ca is not null && !isTls) section.Problem(CaSetting, "needs 'tls: true'");
        string? certificate = section.Get(CertificateSetting), key = section.Get(KeySetting), homeAssistant = section.Get(HomeAssistantSetting);
        if (certificate is not null && !isTls) section.Problem(CertificateSetting, "needs 'tls: true'");
        if (certificate is null != key is null)
            section.Problem(certificate is null ? KeySetting : CertificateSetting, "needs both 'cert_file' and 'key_file'");
        if (host.Any(c => !char.IsLetterOrDigit(c) && c is not ('.' or '-' or '_' or ':' or '%' or '[' or ']')))
            section.Problem(HostSetting, $"must be only a name or an address, not '{SafeAddress.Show(host)}': "
                + "set the port in 'port', the user name in 'user', the password in 'password_file', and TLS with 'tls: true'");
        if (topic.AsSpan().IndexOfAny("+#") >= 0 || topic.StartsWith('/') || topic.EndsWith('/'))
            section.Problem(TopicSetting, $"must be a prefix of topics without + and # and without / at its ends, not '{topic}'");
        if (homeAssistant is not null && (homeAssistant.Length == 0 || homeAssistant.AsSpan().IndexOfAny("+#") >= 0
            || homeAssistant.StartsWith('/') || homeAssistant.EndsWith('/')))
            section.Problem(HomeAssistantSetting, $"must be a prefix of topics without + and # and without / at its ends, not '{homeAssistant}'");
        foreach (var (setting, text) in new[]
            { ((Setting)TopicSetting, topic), (ClientSetting, client), (UserSetting, user ?? ""), (HomeAssistantSetting, homeAssistant ?? "") })
        {
            if (Encoding.UTF8.GetByteCount(text) > LongestText) section.Problem(setting, $"has more than {LongestText} bytes");
        }

        return new(name, host, section.Get(PortSetting) ?? (isTls ? 8883 : 1883), isTls, ca, client, user, password, topic, section.Get(QosSetting),
            section.Get(RetainSetting) || homeAssistant is not null, section.Get(KeepAliveSetting), FeedSettings.Read(section))
        {
            CertificateFile = certificate,
            KeyFile = key,
            HomeAssistant = homeAssistant,
            Pictures = PictureForm.Read(section, section.Get(PictureSetting), PictureSetting),
        };
    }
}
