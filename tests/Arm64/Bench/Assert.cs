using System.Diagnostics.CodeAnalysis;

namespace Xunit;

/// <summary>
/// The part of xunit that the kernels' unit tests use, without reflection, for a process in which no exception is caught: the first
/// failure ends it.
/// </summary>
internal static class Assert
{
    public static void True(bool condition, string? message = null)
    {
        if (!condition)
            Fail(message ?? "expected true");
    }

    public static void False(bool condition) => True(!condition, "expected false");

    public static void Equal<T>(T expected, T actual) => True(EqualityComparer<T>.Default.Equals(expected, actual), $"expected {expected}, found {actual}");

    public static void Equal(ReadOnlySpan<byte> expected, byte[] actual) => True(expected.SequenceEqual(actual), "the bytes differ");

    public static void InRange<T>(T actual, T low, T high) where T : IComparable<T> =>
        True(actual.CompareTo(low) >= 0 && actual.CompareTo(high) <= 0, $"{actual} is not between {low} and {high}");

    public static void All<T>(IEnumerable<T> items, Action<T> check)
    {
        foreach (T item in items)
            check(item);
    }

    /// <summary>Nothing can be caught here, so what should throw is not called; the ordinary test run does that.</summary>
    public static void Throws<TException>(Action action) where TException : Exception => ArgumentNullException.ThrowIfNull(action);

    [DoesNotReturn]
    private static void Fail(string message) => throw new InvalidOperationException(message);
}
