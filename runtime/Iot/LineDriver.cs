using System.Device.Gpio;
using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;

namespace ResNetEdge.Iot;

/// <summary>
/// GPIO lines of Linux for <see cref="GpioController"/>, by name or by a chip's label and an offset. Pin numbers are those that
/// <see cref="Add(string, bool, PinValue?)"/> gives, from 0, or the offsets of one chip (<see cref="OfChip(string)"/>). For any thread.
/// </summary>
/// <remarks>Source: Linux, Documentation/userspace-api/gpio/chardev.rst, second version, by system calls alone. Failures are
/// <see cref="IOException"/>s of one sentence. A chip that vanished and came back is found again by name or label.</remarks>
public sealed class LineDriver : GpioDriver
{
    private readonly Lock _turn = new();
    private readonly IGpioCalls _calls;
    private LinePin[] _pins = [];

    /// <summary>Makes a driver without pins; <see cref="Add(string, bool, PinValue?)"/> adds them.</summary>
    public LineDriver() : this(GpioCalls.Kernel)
    {
    }

    internal LineDriver(IGpioCalls calls) => _calls = calls;

    /// <inheritdoc/>
    protected override int PinCount => _pins.Length;

    /// <summary>Makes a driver whose pins are the lines of one chip, numbered by their offsets.</summary>
    /// <param name="label">Of the chip, such as <c>pinctrl-bcm2711</c>; <c>resnetedge doctor</c> lists them.</param>
    /// <exception cref="IOException">There is no such chip, or no permission.</exception>
    public static LineDriver OfChip(string label) => OfChip(label, GpioCalls.Kernel);

    internal static LineDriver OfChip(string label, IGpioCalls calls)
    {
        var driver = new LineDriver(calls);
        for (int offset = 0; offset < GpioChip.LinesOf(calls, label); offset++) driver.Add(label, offset);
        return driver;
    }

    /// <summary>Adds the line of a name; it need not exist before its pin is opened.</summary>
    /// <param name="line">Name of the line, as the board's device tree gives it.</param>
    /// <param name="activeLow">High means the low level.</param>
    /// <param name="safe">What it is left with as an output; null: as it is.</param>
    /// <returns>The pin's number.</returns>
    public int Add(string line, bool activeLow = false, PinValue? safe = null) => Add(new GpioAddress(line, null, null), activeLow, safe);

    /// <summary>Adds the line of a chip.</summary>
    /// <param name="chip">Label of the chip.</param>
    /// <param name="offset">The line's place there.</param>
    /// <param name="activeLow">High means the low level.</param>
    /// <param name="safe">What it is left with as an output; null: as it is.</param>
    /// <returns>The pin's number.</returns>
    public int Add(string chip, int offset, bool activeLow = false, PinValue? safe = null) =>
        Add(new GpioAddress(null, chip, offset), activeLow, safe);

    /// <inheritdoc/>
    protected override void OpenPin(int pinNumber) => Pin(pinNumber).Open();

    /// <inheritdoc/>
    protected override void ClosePin(int pinNumber) => Pin(pinNumber).Close();

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode) => Pin(pinNumber).SetMode(mode, null);

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) =>
        Pin(pinNumber).SetMode(mode, initialValue == PinValue.High);

    /// <inheritdoc/>
    protected override PinMode GetPinMode(int pinNumber) => Pin(pinNumber).Mode;

    /// <inheritdoc/>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) =>
        mode is PinMode.Input or PinMode.Output or PinMode.InputPullUp or PinMode.InputPullDown;

    /// <inheritdoc/>
    protected override PinValue Read(int pinNumber) => Pin(pinNumber).Read();

    /// <inheritdoc/>
    protected override void Write(int pinNumber, PinValue value) => Pin(pinNumber).Write(value == PinValue.High);

    /// <inheritdoc/>
    protected override void Toggle(int pinNumber) => Pin(pinNumber).Toggle();

    /// <inheritdoc/>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        using var happened = new ManualResetEventSlim();
        var seen = PinEventTypes.None;
        Pin(pinNumber).AddCallback(eventTypes, Happen);
        try
        {
            happened.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new WaitForEventResult { TimedOut = true };
        }
        finally
        {
            Pin(pinNumber).RemoveCallback(Happen);
        }

        return new WaitForEventResult { EventTypes = seen };

        void Happen(object sender, PinValueChangedEventArgs change)
        {
            if (happened.IsSet) return; // the first one counts
            seen = change.ChangeType;
            happened.Set();
        }
    }

    /// <inheritdoc/>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) =>
        Pin(pinNumber).AddCallback(eventTypes, callback);

    /// <inheritdoc/>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) =>
        Pin(pinNumber).RemoveCallback(callback);

    /// <summary>Closes every pin; outputs have their safe values then.</summary>
    protected override void Dispose(bool disposing)
    {
        foreach (var pin in _pins) pin.Close();
        base.Dispose(disposing);
    }

    private int Add(GpioAddress address, bool activeLow, PinValue? safe)
    {
        lock (_turn)
        {
            int number = _pins.Length;
            _pins = [.. _pins, new LinePin(_calls, number, address, activeLow, safe is { } value ? value == PinValue.High : null)];
            return number;
        }
    }

    private LinePin Pin(int number)
    {
        var pins = _pins;
        return (uint)number < (uint)pins.Length
            ? pins[number] : throw new ArgumentException($"there is no pin {number}; this driver has {pins.Length} pins", nameof(number));
    }
}
