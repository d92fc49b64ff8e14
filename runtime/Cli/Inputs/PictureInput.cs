using System.Diagnostics;
using ResNetEdge.Engines;
using ResNetEdge.Pixels;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Cli.Inputs;

/// <summary>Pictures into an engine's one image input, decoded and preprocessed in memory that is used again.</summary>
internal sealed class PictureInput : IDisposable
{
    private readonly PictureReader _reader = new();
    private readonly Picture _picture = new();
    private readonly Preprocessor _preprocessor;
    private readonly InputBuffer _input;

    /// <summary>Prepares to feed pictures to a model.</summary>
    /// <exception cref="EdgeException">Exit 3: the model takes no pictures, or the specification does not fit its input.</exception>
    public PictureInput(LoadedModel model, PicturePreprocess preprocess)
    {
        _input = ImageInputOf(model.Engine);
        _preprocessor = new Preprocessor(preprocess.For(model, _input), _input);
    }

    /// <summary>Reading and decoding of the last picture.</summary>
    public TimeSpan Decode { get; private set; }

    /// <summary>Resizing, cropping, normalising and writing of the last picture.</summary>
    public TimeSpan Preprocess { get; private set; }

    /// <summary>Reads a picture and writes it into the engine's input.</summary>
    /// <exception cref="EdgeException">Exit 3: no picture, damaged or too large. Exit 5: a decoder's library is missing.</exception>
    public void Feed(string path)
    {
        long start = Stopwatch.GetTimestamp();
        _reader.Read(path, _picture);
        Decode = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        _preprocessor.Write(_picture, path, _input);
        Preprocess = Stopwatch.GetElapsedTime(start);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _preprocessor.Dispose();
        _picture.Dispose();
        _reader.Dispose();
    }

    /// <summary>The engine's memory for one picture; refuses several inputs, a shape that is not a picture's, or a fixed batch of several.</summary>
    internal static InputBuffer ImageInputOf(IEngine engine)
    {
        if (engine.Inputs.Count != 1)
            throw EdgeException.BadInput(
                $"the model has {engine.Inputs.Count} inputs; pictures work only with a model of one input, so give an .npz file");
        var shape = engine.Inputs[0].Shape;
        if (shape.Rank == 4 && shape[0] != 1)
            throw EdgeException.BadInput(
                $"the model has a fixed batch of {shape[0]}; pictures run one at a time: export it with batch 1, or give an .npy file");
        return engine.ImageInput(0);
    }
}
