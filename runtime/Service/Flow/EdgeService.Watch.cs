using System.Globalization;
using ResNetEdge.Device;
using ResNetEdge.Metrics;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Flow;

/// <content>What others see of the service.</content>
internal sealed partial class EdgeService
{
    private readonly PictureTap _tap = new();
    private readonly LastAnswer _lastAnswer = new();

    /// <inheritdoc/>
    public ServiceSnapshot Snapshot()
    {
        long? free = StateDisk.FreeBytes(_stateFolder); // before the lock: a disk that hangs must not hold up frames
        lock (_published)
        {
            return new ServiceSnapshot
            {
                State = _state,
                Trouble = Trouble(),
                IsHealthy = _state == "running" && !IsOverdue,
                Uptime = _time.Now() - _started,
                Model = _model.Status(_runner.Level),
                Camera = _camera.Mode,
                Frames = _counters.Frames,
                FramesDropped = _camera.Dropped,
                FramesDamaged = _camera.Damaged + _counters.Undecodable,
                FramesSkipped = _counters.Skipped,
                CameraFailures = _camera.Failures,
                FramesPerSecond = _counters.FramesPerSecond(_time.Now()),
                EndToEnd = _counters.EndToEnd,
                Infer = _counters.Infer,
                Preprocess = _counters.Preprocess,
                BudgetMisses = _scheduler.Misses,
                StepsDown = _scheduler.StepsDown,
                StepsUp = _scheduler.StepsUp,
                FrameDivisor = _scheduler.Gear.Divisor,
                TemperatureCelsius = _machine.Hottest?.Celsius,
                IsThrottled = _machine.Throttles.Count > 0,
                CpuMHz = _machine.CpuMHz,
                RssMiB = PeakRss.CurrentMebibytes() ?? 0,
                CpuTime = Environment.CpuUsage.TotalTime,
                AllocatedBytes = GC.GetTotalAllocatedBytes(),
                StateFreeBytes = free,
                Reloads = _counters.Reloads,
                ReloadsRefused = _counters.ReloadsRefused,
                ModelUpdates = _counters.ModelUpdates,
                ModelUpdatesRefused = _counters.ModelUpdatesRefused,
                Pushes = _telemetry?.Counts,
                Outputs = _outputs.Statuses,
                Lines = _outputs.Lines,
                Rules = _rules.Statuses,
                Answer = _lastAnswer.Copy() ?? _runner.Task.NewResult(),
                Events = _log.Recent,
            };
        }
    }

    /// <inheritdoc/>
    public Task<(byte[]? Jpeg, string? WhyNot)> PictureAsync(CancellationToken ct) => _tap.PictureAsync(ct);

    private string? Trouble() => WhatIsWrong() is { } trouble ? SafeAddress.Hide(trouble) : null;

    private string? WhatIsWrong() => _camera.Trouble ?? (_state == "blind" ? _standstill ?? "the camera gives no frames" : _configurationTrouble ?? _modelTrouble);

    private string StatusLine()
    {
        string frames = _state == "running" ? string.Create(CultureInfo.InvariantCulture, $"{_counters.FramesPerSecond(_time.Now()):F1} frames/s, {_scheduler.Gear}") : Trouble() ?? "waiting for the first frame";
        return $"{_state}: {frames}";
    }
}
