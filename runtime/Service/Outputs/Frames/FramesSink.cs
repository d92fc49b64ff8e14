using System.Buffers;
using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Outputs.Frames;

/// <summary>
/// Keeps frames: the frame thread decides by the score or the rule, which allocates nothing; a picture is made only of a frame that is kept. At most
/// once: what cannot be written is dropped and counted.
/// </summary>
internal sealed class FramesSink : QueuedSink
{
    private readonly FramesSettings _settings;
    private readonly RuleLimit _limit;
    private readonly ScoreDrift? _drift; // by the frame thread
    private readonly bool _byRule, _byBand, _byDisagreement;
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private KeptFrames? _folder; // by the sink's thread
    private TimeSpan? _last; // by the frame thread

    /// <summary>Begins to keep.</summary>
    public FramesSink(FramesSettings settings, SinkContext context) : base(settings, new FeedSettings(true, false, 1, 64), context)
    {
        _settings = settings;
        _limit = new RuleLimit(new AtMost(settings.PerHour, TimeSpan.FromHours(1)));
        (_byRule, _byBand) = (settings.When.Contains(FramesSettings.ByRule), settings.When.Contains(FramesSettings.ByBand));
        _byDisagreement = settings.When.Contains(FramesSettings.ByDisagreement);
        if (settings.When.Contains(FramesSettings.ByDrift))
            _drift = new ScoreDrift(settings.Drift, ScoreReference.Read(ReferencePath), context.Time.Now());
        Start();
    }

    private string ReferencePath => Path.Combine(Context.StateFolder, $"frames-{_settings.Name}.scores");

    /// <inheritdoc/>
    protected override bool Takes(in RuleEvent change) => _byRule && change.IsSeen && Passes();

    /// <inheritdoc/>
    protected override bool Takes(FrameResult result, out string name)
    {
        name = FramesSettings.ByDisagreement;
        if (result.Other is not null) return _byDisagreement && Passes();
        name = "";
        if (result.Answer.Best is not { } best) return false;
        bool isDrifting = _drift is not null && Follow(_drift, best.Score, result.DoneTime);
        bool isUnsure = _byBand && best.Score >= _settings.Band.From && best.Score <= _settings.Band.To;
        if (!(isDrifting || isUnsure) || !Passes()) return false;
        name = isUnsure ? FramesSettings.ByBand : FramesSettings.ByDrift;
        return true;
    }

    /// <inheritdoc/>
    protected override bool HasPicture => true;

    /// <inheritdoc/>
    protected override bool Deliver(SinkItem item)
    {
        try
        {
            _folder ??= new KeptFrames(_settings.Folder, (long)_settings.MaxMib << 20, _settings.MaxFiles);
            if (TakePicture(item) is { } jpeg)
            {
                string reason = item.Kind is SinkItemKind.Event ? FramesSettings.ByRule : Encoding.ASCII.GetString(item.Rule);
                _folder.Add(reason, Context.Time.GetUtcNow(), jpeg, Line(reason, item.Json));
                Counters.Delivered(1);
            }
            else
            {
                Counters.Dropped(1);
            }
        }
        catch (Exception e) when (e is EdgeException or IOException or UnauthorizedAccessException)
        {
            Counters.Failed(e.Message);
            Counters.Dropped(1);
        }

        return true;
    }

    /// <inheritdoc/>
    protected override TimeSpan? Idle(bool isEmpty)
    {
        if (_drift?.TakeReference() is { } reference) KeepReference(reference);
        return null;
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        if (_drift?.TakeReference() is { } reference) KeepReference(reference);
        _folder?.Dispose();
    }

    private bool Follow(ScoreDrift drift, float score, TimeSpan now)
    {
        bool was = drift.IsDrifting;
        if (drift.Add(score, now)) Wake(); // the first day is over
        if (drift.IsDrifting == was) return drift.IsDrifting;
        if (was) Context.Log.Notice("scores are spread as in the first day again", ("output", _settings.Name));
        else
            Context.Log.Warning(
                "scores are spread otherwise than in the first day", ("output", _settings.Name), ("index", Math.Round(drift.Index, 3)));
        return drift.IsDrifting;
    }

    // Not two of the same scene, and not more than asked for.
    private bool Passes()
    {
        var now = Context.Time.Now();
        if (now - _last < _settings.Pause || !_limit.TryPass(now)) return false;
        _last = now;
        return true;
    }

    private byte[] Line(string reason, ReadOnlySpan<byte> json)
    {
        _line.ResetWrittenCount();
        _line.Write(Encoding.ASCII.GetBytes($"{{\"kept\":\"{reason}\","));
        _line.Write(json[1..]);
        _line.Write("\n"u8);
        return _line.WrittenSpan.ToArray();
    }

    private void KeepReference(long[] reference)
    {
        try
        {
            ScoreReference.Write(ReferencePath, reference);
        }
        catch (EdgeException e)
        {
            Context.Log.Warning("the first day's scores cannot be noted", ("output", _settings.Name), ("reason", e.Message));
        }
    }
}
