namespace Xunit;

/// <summary>A test that would be skipped must not have been called: the bench knows its processor.</summary>
internal static class Skip
{
    public static void If(bool condition, string reason) => Assert.True(!condition, $"would be skipped: {reason}");
}
