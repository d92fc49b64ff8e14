using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Pacing;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Runs a frame of one camera now and then at a second level of the ladder, and tells the frames of which the two say different things. While the
/// service saves time, no frame is run twice. For the frame thread; a frame allocates nothing.
/// </summary>
/// <param name="stream">The camera.</param>
/// <param name="state">Has the second level, and says how often.</param>
/// <param name="time">How often.</param>
internal sealed class LevelComparison(CameraStream stream, ServiceState state, TimeProvider time) : IDisposable
{
    private ModelRunner? _runner; // whose answer fits
    private FrameResult? _other;
    private TimeSpan? _last;

    /// <summary>Compares, if it is time to.</summary>
    /// <param name="frame">That was run.</param>
    /// <param name="result">Of it; is told what the other level says when that is something else.</param>
    /// <returns>Whether it is.</returns>
    public bool Differs(in Frame frame, FrameResult result)
    {
        var parts = state.Parts;
        if (parts.Compared is not { } compared || compared.Package != parts.Model.Package || parts.Configuration.CompareEvery is not { } every
            || result.Level != 0 || parts.Scheduler.OperatingPoint != OperatingPoint.Full)
            return false;
        var now = time.Now();
        if (now - _last < every) return false;
        _last = now;
        var runner = compared.Runners[stream.Index];
        var other = AnswerOf(runner);
        if (!runner.TryRun(frame, stream.Settings.View.Frame, other, out _)) return false; // the whole network could use it a moment ago
        if (result.Answer.Best is not { } best || other.Answer.Best is not { } second || best.Index == second.Index) return false;
        result.Other = (other.Level, second.Label, second.Index, second.Score);
        result.Changed();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _other?.Dispose();

    private FrameResult AnswerOf(ModelRunner runner)
    {
        if (_runner == runner && _other is not null) return _other;
        _other?.Dispose();
        _runner = runner;
        return _other = new FrameResult(runner.Task.NewResult());
    }
}
