using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Pins;

/// <summary>A line cannot be had or driven now; it may be later. One sentence for people.</summary>
/// <param name="message">What, where, what to do.</param>
/// <param name="error">The system's number; 0 when a line was not found.</param>
internal sealed class GpioException(string message, int error) : IOException(message)
{
    /// <summary>The system's number; 0 when a line was not found.</summary>
    public int Error { get; } = error;

    /// <summary>Nobody but who runs the machine can change it.</summary>
    public bool IsPermission => Error is Libc.Eacces or Libc.Eperm;

    /// <summary>The chip is not there any more; it may come back.</summary>
    public bool IsGone => Error is Libc.Enodev or Libc.Enxio or Libc.Enoent;

    /// <summary>From what a system call gave.</summary>
    /// <param name="what">What was tried: <c>line 'lamp' cannot be requested</c>.</param>
    /// <param name="error">The error number as the kernel gives it, positive.</param>
    public static GpioException Of(string what, int error) => new($"{what}: {Reason(error)}", error);

    private static string Reason(int error) => error switch
    {
        Libc.Eacces or Libc.Eperm => "no permission; add the user to the group that owns /dev/gpiochip*, usually 'gpio'",
        Libc.Ebusy => "in use by another program; 'resnetedge doctor' shows which",
        Libc.Enodev or Libc.Enxio or Libc.Enoent => "its chip is gone",
        Libc.Einval => "the kernel does not support this request; Linux 5.10 or later is required",
        _ => Marshal.GetPInvokeErrorMessage(error),
    };
}
