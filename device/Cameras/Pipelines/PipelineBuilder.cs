using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>Puts a source in front of a pipeline's sink. What has been built is disposed with it, until <see cref="Finish"/>.</summary>
internal sealed unsafe class PipelineBuilder : IDisposable
{
    private const string FilterName = "resnetedge-frames";

    private readonly GstLibrary _library;
    private readonly CameraRequest _request;
    private readonly bool _isFile;
    private GstPipeline? _pipeline;

    /// <summary>Begins a pipeline.</summary>
    /// <param name="library">GStreamer, initialised.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="isFile">Frames wait to be taken.</param>
    /// <exception cref="EdgeException">Exit 3: a format that is not read here. Exit 5: an element is missing.</exception>
    public PipelineBuilder(GstLibrary library, CameraRequest request, bool isFile)
    {
        (_library, _request, _isFile) = (library, request, isFile);
        ElementPackages.Require(library, $"camera '{request.Device}'", "appsink");
        _pipeline = new GstPipeline(library, RawFormats.Accepted(request), isFile);
    }

    /// <summary>The pipeline so far.</summary>
    public GstPipeline Pipeline => _pipeline!;

    /// <summary>Puts an element into the pipeline.</summary>
    public nint Add(string kind)
    {
        nint element = _library.Elements.Make(kind);
        if (element == 0) throw EdgeException.Unavailable(ElementPackages.Missing($"camera '{_request.Device}'", kind));
        _library.Elements.Add(Pipeline.Handle, element);
        return element;
    }

    /// <summary>
    /// Puts described elements in front of the sink, with a filter behind them: it lets the last one be one whose outputs show up later, of which
    /// only the one of video passes.
    /// </summary>
    /// <param name="description">As for gst-launch-1.0, with one open end.</param>
    /// <returns>The bin that holds them.</returns>
    /// <exception cref="EdgeException">Exit 3: it is wrong. Exit 5: it names an element that is missing.</exception>
    public nint AddDescribed(string description)
    {
        GError* error = null;
        nint bin = _library.Elements.Parse($"{description} ! capsfilter name={FilterName}", hasEnds: false, &error);
        if (bin == 0) throw Refusal(error);
        _library.Elements.Add(Pipeline.Handle, bin);
        Set(bin, FilterName, "caps", RawFormats.Accepted(_request));
        nint filter = _library.Elements.ByName(bin, FilterName);
        _library.Elements.ExposeOutput(bin, filter);
        _library.Objects.Unref(filter);
        return _library.Elements.Link(bin, Pipeline.Sink) ? bin : throw EdgeException.BadInput(
            $"camera '{_request.Device}': the pipeline's frames are of a format that is not supported; add '! videoconvert' to its end");
    }

    /// <summary>Sets a property of an element that was described with a name.</summary>
    /// <exception cref="EdgeException">Exit 3: it has no such property, or not this value.</exception>
    public void Set(nint bin, string element, string property, string value)
    {
        nint found = _library.Elements.ByName(bin, element);
        try
        {
            Set(found, property, value);
        }
        finally
        {
            _library.Objects.Unref(found);
        }
    }

    /// <summary>Sets a property.</summary>
    /// <exception cref="EdgeException">Exit 3: the element has no such property, or not this value.</exception>
    public void Set(nint element, string property, string value)
    {
        switch (_library.Objects.Set(element, property, value))
        {
            case PropertyOutcome.Unknown:
                throw EdgeException.BadInput($"camera '{_request.Device}': its source has no property '{PrintableText.Line(property)}'; "
                    + "'gst-inspect-1.0' lists those of each element");
            case PropertyOutcome.Refused:
                throw EdgeException.BadInput($"camera '{_request.Device}': property '{PrintableText.Line(property)}' does not accept "
                    + $"'{PrintableText.Line(value)}'");
        }
    }

    /// <summary>Sets the properties that the configuration gives the source.</summary>
    /// <exception cref="EdgeException">Exit 3.</exception>
    public void SetControls(nint element)
    {
        foreach (string control in _request.Controls)
        {
            int sign = control.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1) throw EdgeException.BadInput($"camera '{_request.Device}': a control must be written as name=value");
            Set(element, control[..sign], control[(sign + 1)..]);
        }
    }

    /// <summary>Starts the pipeline as a camera.</summary>
    /// <exception cref="CameraException">It does not start.</exception>
    public PipelineCamera Finish(CameraLogin? login = null)
    {
        var pipeline = Pipeline;
        _pipeline = null;
        return new PipelineCamera(_request, pipeline, _isFile, TimeProvider.System, login);
    }

    /// <inheritdoc/>
    public void Dispose() => _pipeline?.Dispose();

    private EdgeException Refusal(GError* error)
    {
        const int noSuchElement = 1; // GST_PARSE_ERROR_NO_SUCH_ELEMENT
        bool isMissing = error != null && error->Code == noSuchElement;
        string words = new PipelineWords(_request.Device).Safe(_library.Objects.TakeText(error));
        string[] quoted = words.Split('"');
        if (isMissing && quoted.Length == 3) return EdgeException.Unavailable(ElementPackages.Missing($"camera '{_request.Device}'", quoted[1]));
        return EdgeException.BadInput($"camera '{_request.Device}': the pipeline is not one of GStreamer's ({words})");
    }
}
