namespace ResNetEdge.Service;

/// <summary>Clients that post to one server. Redirects are not followed: an address that moved is for people to correct.</summary>
internal static class PostClient
{
    /// <summary>Makes one; nothing is connected yet, and the time of a request is the caller's to limit.</summary>
    /// <param name="connectTimeout">Of making a connection.</param>
    public static HttpClient New(TimeSpan connectTimeout) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = connectTimeout,
        MaxResponseHeadersLength = 16,
        MaxConnectionsPerServer = 1,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a changed name is looked up again
    })
    { Timeout = Timeout.InfiniteTimeSpan };
}
