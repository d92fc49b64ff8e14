namespace ResNetEdge.Service;

/// <summary>How much a line matters; the numbers are syslog's.</summary>
internal enum LogLevel
{
    /// <summary>Something does not work and needs somebody.</summary>
    Error = 3,

    /// <summary>Something went wrong and was dealt with.</summary>
    Warning = 4,

    /// <summary>A change worth knowing: started, reloaded, stepped down.</summary>
    Notice = 5,

    /// <summary>Informational: what the service does in the ordinary course.</summary>
    Info = 6,
}
