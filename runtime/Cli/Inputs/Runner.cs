using System.Diagnostics;
using ResNetEdge.Cli.Reports;
using ResNetEdge.Engines;
using ResNetEdge.Packages;
using ResNetEdge.Tasks;

namespace ResNetEdge.Cli.Inputs;

/// <summary>Feeds input files to an engine one after the other and reports what came out.</summary>
internal sealed class Runner : IDisposable
{
    private readonly IEngine _engine;
    private readonly ModelTask? _task;
    private readonly string? _outputFolder;
    private readonly Lazy<PictureInput> _pictures;

    /// <summary>Prepares to run a model on files.</summary>
    /// <param name="model">Loaded; stays the caller's.</param>
    /// <param name="top">Places (classes, boxes) that a report names at most.</param>
    /// <param name="outputFolder">Where outputs are written as .npy, or null.</param>
    /// <param name="preprocess">Asked at the first picture.</param>
    public Runner(LoadedModel model, int top, string? outputFolder, PicturePreprocess preprocess)
    {
        (_engine, _task, _outputFolder) = (model.Engine, model.Task(top), outputFolder);
        _pictures = new Lazy<PictureInput>(() => new PictureInput(model, preprocess));
    }

    /// <summary>
    /// Runs every item of a file; its output arrays are written after the last. States go from one item to the next and are 0 at the first.
    /// </summary>
    /// <exception cref="EdgeException">Exit 3: the file cannot be used. Exit 5: outputs cannot be written.</exception>
    public IEnumerable<RunReport> Run(InputPath input)
    {
        long start = Stopwatch.GetTimestamp();
        var arrays = input.Kind switch
        {
            InputKind.Array => ArrayItems.Of(input.Path, Npy.Read(input.Path), _engine.Inputs),
            InputKind.Arrays => ArrayItems.Of(input.Path, Npz.Read(input.Path), _engine.Inputs),
            InputKind.Nothing => ArrayItems.None,
            _ => null,
        };
        var reading = Stopwatch.GetElapsedTime(start);
        int items = arrays?.Count ?? 1;
        var outputs = _outputFolder == null ? null : new OutputArrays(_outputFolder, input.Name, items, _engine.Outputs);
        _engine.ResetStates();
        for (int item = 0; item < items; item++)
        {
            var (decode, preprocess) = arrays == null ? FeedPicture(input.Path) : (item == 0 ? reading : TimeSpan.Zero, FeedArrays(arrays, item));
            start = Stopwatch.GetTimestamp();
            _engine.Run();
            var infer = Stopwatch.GetElapsedTime(start);
            outputs?.Add(_engine, item);
            yield return new RunReport(
                input.Path, items == 1 ? null : item, _engine.Name, _task?.Read(_engine),
                Milliseconds(infer), Milliseconds(preprocess), Milliseconds(decode));
        }

        outputs?.Write();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pictures.IsValueCreated) _pictures.Value.Dispose();
    }

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 4);

    private (TimeSpan Decode, TimeSpan Preprocess) FeedPicture(string path)
    {
        _pictures.Value.Feed(path);
        return (_pictures.Value.Decode, _pictures.Value.Preprocess);
    }

    private TimeSpan FeedArrays(ArrayItems arrays, int item)
    {
        long start = Stopwatch.GetTimestamp();
        arrays.Feed(_engine, item);
        return Stopwatch.GetElapsedTime(start);
    }
}
