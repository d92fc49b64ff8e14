namespace ResNetEdge.Service.Watch;

/// <summary>The disk that queues, results and copies of the last good model lie on.</summary>
internal static class StateDisk
{
    /// <summary>Room that is left for this process, bytes; null where the system does not say.</summary>
    /// <param name="folder">On that disk.</param>
    public static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
