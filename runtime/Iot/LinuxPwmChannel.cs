using System.Device.Pwm;
using System.Globalization;
using ResNetEdge.Device.Sensors;

namespace ResNetEdge.Iot;

/// <summary>
/// A channel of a PWM chip by the kernel's files, as <see cref="PwmChannel.Create"/> gives one, with two differences: the chip may be named by its
/// device, as its number changes from start to start, and failures are <see cref="IOException"/>s of one sentence. For one thread.
/// </summary>
/// <remarks>Source: Linux, Documentation/driver-api/pwm.rst: the active time may never exceed the period, not even for a moment.</remarks>
public sealed class LinuxPwmChannel : PwmChannel
{
    private const string Place = "/sys/class/pwm";
    private const long SecondNs = 1_000_000_000;
    private readonly string _chip, _channel;
    private readonly int _number;
    private long _periodNs, _activeNs;
    private int _frequency;
    private double _dutyCycle;

    /// <summary>Takes a channel; it is stopped at first.</summary>
    /// <param name="chip">Its folder's name (<c>pwmchip0</c>) or its device's (<c>fe20c000.pwm</c>).</param>
    /// <param name="channel">From 0.</param>
    /// <param name="frequency">In hertz, 1 or more.</param>
    /// <param name="dutyCycle">Share of the period that it is active, 0 to 1.</param>
    /// <exception cref="IOException">Not there, in use, no permission.</exception>
    public LinuxPwmChannel(string chip, int channel, int frequency = 400, double dutyCycle = 0) : this(chip, channel, frequency, dutyCycle, Place)
    {
    }

    internal LinuxPwmChannel(string chip, int channel, int frequency, double dutyCycle, string place)
    {
        _chip = Find(place, chip);
        _number = channel;
        _channel = $"{_chip}/pwm{channel}";
        if (SysFile.ReadNumber($"{_chip}/npwm") is not { } channels || channel >= channels || channel < 0)
            throw new IOException($"PWM chip '{chip}' has no channel {channel}");
        if (!Directory.Exists(_channel)) SysFile.Write($"{_chip}/export", Words(channel));
        SysFile.Write($"{_channel}/enable", "0");
        _activeNs = SysFile.ReadNumber($"{_channel}/duty_cycle") ?? 0; // of who had it before
        Set(frequency, dutyCycle);
    }

    /// <inheritdoc/>
    public override int Frequency
    {
        get => _frequency;
        set => Set(value, _dutyCycle);
    }

    /// <inheritdoc/>
    public override double DutyCycle
    {
        get => _dutyCycle;
        set => Set(_frequency, value);
    }

    /// <inheritdoc/>
    public override void Start() => SysFile.Write($"{_channel}/enable", "1");

    /// <inheritdoc/>
    public override void Stop() => SysFile.Write($"{_channel}/enable", "0");

    /// <summary>Stops the channel and gives it back; nothing when its chip is gone.</summary>
    protected override void Dispose(bool disposing)
    {
        if (Directory.Exists(_channel))
        {
            Stop();
            SysFile.Write($"{_chip}/unexport", Words(_number));
        }

        base.Dispose(disposing);
    }

    private static string Find(string place, string chip)
    {
        var chips = SysFile.Folders(place, "pwmchip");
        string? found = chips.FirstOrDefault(c => Path.GetFileName(c) == chip || DeviceOf(c) == chip);
        if (found is not null) return found;
        string known = chips.Count == 0 ? "this machine has no PWM chip"
            : $"the chips are {string.Join(", ", chips.Select(c => $"'{DeviceOf(c) ?? Path.GetFileName(c)}'"))}";
        throw new IOException($"no PWM chip '{chip}'; {known}");
    }

    private static string? DeviceOf(string chip) => Path.GetFileName(new DirectoryInfo($"{chip}/device").LinkTarget);

    private void Set(int frequency, double dutyCycle)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(dutyCycle);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dutyCycle, 1);
        long periodNs = SecondNs / frequency, activeNs = (long)(periodNs * dutyCycle);
        if (_activeNs > periodNs) WriteActive(activeNs);
        if (periodNs != _periodNs) SysFile.Write($"{_channel}/period", Words(periodNs));
        _periodNs = periodNs;
        if (activeNs != _activeNs || dutyCycle == 0) WriteActive(activeNs);
        (_frequency, _dutyCycle) = (frequency, dutyCycle);
    }

    private void WriteActive(long activeNs)
    {
        SysFile.Write($"{_channel}/duty_cycle", Words(activeNs));
        _activeNs = activeNs;
    }

    private static string Words(long number) => number.ToString(CultureInfo.InvariantCulture);
}
