namespace ResNetEdge.Device.Native;

/// <summary>Standard input, output and error where whoever started the program closed them.</summary>
internal static class StandardStreams
{
    private const int GetDescriptorFlags = 1; // F_GETFD
    private const int Last = 2;

    /// <summary>
    /// Opens what is closed on nothing, for reading: the next file or socket that is opened would have its number, and words for people would be
    /// written into it. Writing to it fails as before.
    /// </summary>
    public static void Reserve()
    {
        if (!OperatingSystem.IsLinux()) return;
        for (int number = 0; number <= Last; number++)
        {
            if (Libc.Fcntl(number, GetDescriptorFlags, 0) < 0) _ = PosixFile.Open("/dev/null"); // takes the lowest free number
        }
    }
}
