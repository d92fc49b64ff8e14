namespace ResNetEdge.Service.Flow;

/// <summary>Where queues, records and copies of what ran last lie.</summary>
internal static class StateFolder
{
    /// <summary>Makes the folder where it is missing.</summary>
    /// <param name="configuration">Path of its file, for messages.</param>
    /// <param name="folder">That the configuration names, or the service manager gave; null: neither.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="EdgeException">Exit 3: there is none. Exit 5: it cannot be made.</exception>
    public static string Make(string configuration, string? folder)
    {
        if (folder is null)
            throw EdgeException.BadInput($"{configuration}: 'state_folder' is missing, and no service manager provides one (StateDirectory)");
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.Unavailable($"{folder}: the state folder cannot be created: {e.Message}", e);
        }
    }
}
