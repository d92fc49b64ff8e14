using System.Text;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Service;
using ResNetEdge.Service.Flow;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Systemd;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>A service on fakes: a clock that is moved, cameras that do what they are told, its own state folder and sysfs.</summary>
internal sealed class RunningService : IDisposable
{
    public const string Rules = """
        rules:
          - name: lit
            label: bright
            threshold: 0.8
            frames: 2
            of: 3
        """;

    private readonly StringWriter _text = new();
    private EdgeService? _service;

    public RunningService()
    {
        BrightOrDark.Write(Folder["model"], version: 5);
        Configure(Rules);
    }

    public TempFolder Folder { get; } = new();

    public FakeTime Time { get; init; } = new() { SkipsWaits = true };

    /// <summary>What the open camera does next; an empty queue is silence.</summary>
    public Queue<FakeStep> Steps { get; } = new();

    /// <summary>What the next tries to open a camera throw; null opens one. An empty queue opens.</summary>
    public Queue<Exception?> Openings { get; } = new();

    /// <summary>What each of several cameras does next, by its device.</summary>
    public Dictionary<string, Queue<FakeStep>> StepsOf { get; } = [];

    /// <summary>Devices that are not there.</summary>
    public HashSet<string> Gone { get; } = [];

    public int Opened { get; private set; }

    public CameraRequest? LastRequest { get; private set; }

    public string ConfigurationPath => Folder["service.yaml"];

    /// <summary>Whether the service manager gave the state folder, besides the configuration.</summary>
    public bool StateFolder { get; init; }

    /// <summary>The service manager; its watchdog waits a second.</summary>
    public FakeManager? Manager { get; init; }

    /// <summary>How long the machine has slept.</summary>
    public TimeSpan Asleep { get; set; }

    /// <summary>What looking at a camera says.</summary>
    public Action<CameraRequest> CheckCamera { get; init; } = _ => { };

    /// <summary>What loading a package does, in place of loading it.</summary>
    public Func<ModelLoader, ModelSettings, string, ReadyModel>? Loading { get; set; }

    public TimeSpan StartPatience { get; init; } = TimeSpan.FromMinutes(1);

    public string LogText => _text.ToString();

    public EdgeService Service => _service ??= Start();

    public ServiceSnapshot Snapshot => Service.Snapshot();

    public void Configure(string more, string model = "model", string modelMore = "", string camera = "fake") => File.WriteAllText(
        ConfigurationPath, $"model:\n  package: {Folder[model]}\n{modelMore}camera:\n  device: {camera}\nstate_folder: {Folder["state"]}\n{more}\n",
        new UTF8Encoding(false));

    /// <summary>Several cameras: each has its name as its device.</summary>
    public void ConfigureCameras(string more, params string[] cameras)
    {
        string list = string.Concat(cameras.Select(camera => $"  - {{name: {camera}, device: {camera}}}\n"));
        foreach (string camera in cameras) StepsOf.TryAdd(camera, new Queue<FakeStep>());
        File.WriteAllText(ConfigurationPath,
            $"model:\n  package: {Folder["model"]}\ncameras:\n{list}state_folder: {Folder["state"]}\n{more}\n", new UTF8Encoding(false));
    }

    /// <summary>Runs a turn of the loop for each step; the cameras take them in the order of the configuration, in turns.</summary>
    public void RunAll(params (string Camera, FakeStep Step)[] steps)
    {
        foreach (var (camera, step) in steps) StepsOf[camera].Enqueue(step);
        while (StepsOf.Values.Any(queue => queue.Count > 0)) Service.Step();
    }

    /// <summary>Starts anew after <see cref="Kill"/>, or for the first time.</summary>
    public EdgeService Start() => _service = EdgeService.Start(ConfigurationPath, new ServiceEnvironment(
        Time, new Log(_text, Time, isJournal: true), new Notifier(Manager?.Path, Manager is null ? null : TimeSpan.FromSeconds(1), Time), Open,
        new MachineSensors(Folder["root"]), StateFolder ? Directory.CreateDirectory(Folder["state"]).FullName : null, null)
    {
        Asleep = () => Asleep,
        CheckCamera = CheckCamera,
        Memory = new MemoryRoom(Folder["root"]),
        Load = (loader, settings, path) => Loading is { } loading ? loading(loader, settings, path) : loader.Load(settings, path),
        StartPatience = StartPatience,
    });

    /// <summary>Runs the steps given, each a turn of the loop.</summary>
    public void Run(params FakeStep[] steps)
    {
        foreach (var step in steps)
        {
            Steps.Enqueue(step);
            Service.Step();
        }

        Assert.Empty(Steps);
    }

    public void Run(FakeStep step, int times) => Run([.. Enumerable.Repeat(step, times)]);

    /// <summary>Lets the service find what changed on disk, prepare it aside and take it over.</summary>
    public void LetItNotice()
    {
        Service.WaitForWork(); // it looks only when nothing else is being done aside
        for (int look = 0; look < 2; look++)
        {
            Time.Advance(TimeSpan.FromSeconds(1.1));
            Run(FakeStep.Dark);
            Service.WaitForWork();
        }

        Run(FakeStep.Dark);
    }

    /// <summary>Ends the process's part without a word, as a crash would: nothing is said to anybody.</summary>
    public void Kill()
    {
        _service?.Dispose();
        _service = null;
    }

    public void Dispose()
    {
        Kill();
        Folder.Dispose();
        _text.Dispose();
    }

    private FakeCamera Open(CameraRequest request)
    {
        LastRequest = request;
        if (Openings.TryDequeue(out var refusal) && refusal is not null) throw refusal;
        if (Gone.Contains(request.Device.Whole)) throw new CameraException("no such device");
        Opened++;
        return new FakeCamera(Time, StepsOf.GetValueOrDefault(request.Device.Whole) ?? Steps);
    }
}
