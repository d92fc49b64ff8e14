using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Triggers;

/// <summary>Asks at edges of a line. A line that is not there, in use or lost with its chip is looked for again and again.</summary>
internal sealed class GpioTrigger : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500); // whether it is to end, or its chip is gone
    private static readonly TimeSpan OldestEdge = TimeSpan.FromMinutes(1);
    private readonly GpioTriggerSettings _settings;
    private readonly TriggerContext _context;
    private readonly IGpioCalls _calls;
    private readonly TriggerTrouble _trouble;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <summary>Begins to listen.</summary>
    /// <param name="settings">Its own.</param>
    /// <param name="context">What triggers share.</param>
    /// <param name="calls">The kernel's.</param>
    public GpioTrigger(GpioTriggerSettings settings, TriggerContext context, IGpioCalls calls)
    {
        (_settings, _context, _calls) = (settings, context, calls);
        _trouble = new TriggerTrouble(settings.Name, context.Log);
        _thread = new Thread(Work) { Name = $"trigger {settings.Name}", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Gives the line back.</summary>
    public void Dispose()
    {
        if (_stop.IsSet) return;
        _stop.Set();
        _thread.Join(); // within LookEvery
    }

    private void Work()
    {
        while (!_stop.IsSet)
        {
            try
            {
                using var line = GpioLine.Open(_calls, _settings.Address, new GpioUse
                {
                    IsOutput = false,
                    IsActiveLow = _settings.IsActiveLow,
                    Bias = _settings.Bias,
                    Edges = _settings.Edges,
                    Debounce = _settings.Debounce,
                });
                _backoff.Reset();
                _trouble.Works();
                while (!_stop.IsSet)
                {
                    if (line.WaitForEdge(LookEvery, out var edge)) Ask(edge.Time);
                }
            }
            catch (GpioException e)
            {
                _trouble.Fails(e.Message);
                _context.Time.Wait(_stop, _backoff.Next());
            }
        }
    }

    private void Ask(TimeSpan edge)
    {
        var now = _context.Time.Now();
        bool isSane = edge <= now && now - edge < OldestEdge;
        if (!_context.Queue.Ask(new LookRequest(_settings.Name, _settings.Cameras, isSane ? edge : now, null)))
            _trouble.Fails("too many requests wait; one was dropped");
    }
}
