using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ResNetEdge.Service;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Web;

/// <summary>
/// Live page, metrics and health of a running service, over plain HTTP/1.1. Bounded in everything that a client can ask for: connections
/// (<see cref="ConnectionBudget"/>), bytes of a request, time for it; a client that does not read is cut off.
/// </summary>
internal sealed class WatchServer : IDisposable
{
    private const int Backlog = 64;
    private const int MaxHeaders = 64;
    private const int MaxHeaderBytes = 8 << 10;
    private const int MaxLineBytes = 2 << 10;
    private const int BufferBytes = 16 << 10;
    private const double LeastBytesPerSecond = 240;
    private static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SlownessTime = TimeSpan.FromSeconds(5); // of a body that comes, or an answer that is read, more slowly
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);
    private readonly WebApplication _web;

    private WatchServer(WebApplication web, IPEndPoint endpoint) => (_web, Endpoint) = (web, endpoint);

    /// <summary>Where it listens; the port that was given when 0 was asked for.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Listens on the configured addresses from now on.</summary>
    /// <param name="settings">With an address.</param>
    /// <param name="watched">The service.</param>
    /// <param name="log">For requests that are refused, and defects.</param>
    /// <param name="time">For limits.</param>
    /// <exception cref="EdgeException">Exit 3: the token's file cannot be used. Exit 5: the address or port cannot be had.</exception>
    public static WatchServer Start(WatchSettings settings, IWatched watched, Log log, TimeProvider time)
    {
        var endpoint = settings.Listen ?? throw new ArgumentException("nothing to listen on", nameof(settings));
        var tokens = settings.TokenFile is { } file ? new TokenFile(file, log) : null;
        if (tokens is null && !IPAddress.IsLoopback(endpoint.Address))
            throw EdgeException.BadInput($"watch.listen: {endpoint} can be reached from other machines, so watch.token_file is required");
        var web = Build(endpoint, new ConnectionBudget());
        var answers = new Answers(watched, new Access(tokens, endpoint, log, time), log, time);
        web.Run(answers.AnswerAsync);
        try
        {
            web.StartAsync().GetAwaiter().GetResult();
            return new WatchServer(web, new IPEndPoint(endpoint.Address, new Uri(web.Urls.First()).Port));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            Close(web);
            throw EdgeException.Unavailable(
                $"watch.listen: cannot listen on {endpoint}: {Reason(e)}; choose another port, or stop the program that uses it", e);
        }
    }

    /// <summary>Stops listening, and cuts off who is still served after two seconds.</summary>
    public void Dispose()
    {
        using var patience = new CancellationTokenSource(StopTime);
        _web.StopAsync(patience.Token).GetAwaiter().GetResult();
        Close(_web);
    }

    private static WebApplication Build(IPEndPoint endpoint, ConnectionBudget budget)
    {
        // Empty: no configuration files, no environment variables, no logging providers, no routing.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseSockets(sockets =>
        {
            sockets.IOQueueCount = 1;
            sockets.Backlog = Backlog;
            sockets.MaxReadBufferSize = sockets.MaxWriteBufferSize = BufferBytes;
        }).ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(endpoint, options =>
            {
                options.Protocols = HttpProtocols.Http1;
                options.Use(next => connection => WithinAsync(budget, connection, next));
            });
            var limits = server.Limits;
            limits.MinRequestBodyDataRate = limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, SlownessTime);
            limits.MaxConcurrentUpgradedConnections = 0;
            limits.MaxRequestBodySize = SignIn.MaxBodyBytes;
            limits.MaxRequestLineSize = MaxLineBytes;
            limits.MaxRequestHeaderCount = MaxHeaders;
            limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            limits.MaxRequestBufferSize = BufferBytes;
            limits.MaxResponseBufferSize = BufferBytes;
            limits.RequestHeadersTimeout = HeadersTime;
            limits.KeepAliveTimeout = IdleTime;
        });
        return builder.Build();
    }

    private static async Task WithinAsync(ConnectionBudget budget, ConnectionContext connection, ConnectionDelegate next)
    {
        var (remote, local) = ((connection.RemoteEndPoint as IPEndPoint)?.Address, (connection.LocalEndPoint as IPEndPoint)?.Address);
        var place = budget.Enter(
            PeerAddress.Of(remote), isOwn: remote is not null && (IPAddress.IsLoopback(remote) || remote.Equals(local)), connection.Abort);
        if (place is null)
        {
            connection.Abort();
            return;
        }

        connection.Features.Set(place);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            budget.Leave(place);
        }
    }

    private static void Close(WebApplication web) => web.DisposeAsync().AsTask().GetAwaiter().GetResult();

    // Kestrel wraps what the system said twice.
    private static string Reason(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e.Message.TrimEnd('.');
    }

    /// <summary>Leaves SIGTERM and SIGINT to the service; a host's usual lifetime would take them.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
