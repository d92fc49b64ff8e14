using System.Globalization;
using ResNetEdge.Benchmarks.Models;

namespace ResNetEdge.Benchmarks.Service;

/// <summary>
/// A service's configuration and model, changed while it runs: a good model, a good configuration, a bad model and a bad configuration in turns.
/// </summary>
internal sealed class SoakFiles
{
    private readonly string _folder, _camera, _watch;

    /// <summary>Writes the first ones.</summary>
    /// <param name="folder">For everything.</param>
    /// <param name="camera">Address of the camera.</param>
    /// <param name="watch">Where metrics may be read.</param>
    public SoakFiles(string folder, string camera, string watch)
    {
        (_folder, _camera, _watch) = (folder, camera, watch);
        BrightOrDark.Write(Model);
        WriteConfiguration(0);
    }

    /// <summary>Path of the configuration.</summary>
    public string Configuration => Path.Combine(_folder, "service.yaml");

    /// <summary>Path of the socket that results come from.</summary>
    public string Socket => Path.Combine(_folder, "results.sock");

    /// <summary>Good configurations written over the first.</summary>
    public long GoodConfigurations { get; private set; }

    /// <summary>Damaged configurations written so far.</summary>
    public long BadConfigurations { get; private set; }

    /// <summary>Good models written over the first.</summary>
    public long GoodModels { get; private set; }

    /// <summary>Damaged models written so far.</summary>
    public long BadModels { get; private set; }

    private string Model => Path.Combine(_folder, "model");

    /// <summary>Changes one of them.</summary>
    /// <param name="turn">From 1; no two write the same bytes one after the other.</param>
    public void Disturb(long turn)
    {
        switch (turn % 4)
        {
            case 0:
                BrightOrDark.Write(Model, gain: 20 + (turn % 8));
                GoodModels++;
                break;
            case 1:
                WriteConfiguration(turn);
                GoodConfigurations++;
                break;
            case 2:
                BrightOrDark.Write(Model, gain: 20 + (turn % 8), breaks: true);
                BadModels++;
                break;
            default:
                WriteConfiguration(-1);
                BadConfigurations++;
                break;
        }
    }

    // Nothing here touches the rule: a rule that changes starts over, and may turn off and on again.
    private void WriteConfiguration(long latencyMs) => File.WriteAllText(Configuration, $"""
        model:
          package: {Model}
        camera:
          device: {_camera}
          stall_timeout_s: 60
        state_folder: {_folder}/state
        rules:
          - name: lit
            label: bright
            threshold: 0.8
            frames: 2
            of: 3
            actions: [socket]
        outputs:
          - name: socket
            type: unix_socket
            path: {Socket}
            what: both
        budget:
          latency_ms: {(latencyMs < 0 ? latencyMs : 5000 + latencyMs).ToString(CultureInfo.InvariantCulture)}
        watch:
          listen: {_watch}

        """);
}
