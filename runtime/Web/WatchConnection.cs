using System.Net;

namespace ResNetEdge.Web;

/// <summary>An open connection to the live page.</summary>
/// <param name="peer">Who is on the other end.</param>
/// <param name="isOwn">From this machine.</param>
/// <param name="abort">Cuts it off.</param>
internal sealed class WatchConnection(IPAddress peer, bool isOwn, Action abort)
{
    private volatile bool _isServed;

    /// <summary>Who is on the other end.</summary>
    public IPAddress Peer => peer;

    /// <summary>From this machine.</summary>
    public bool IsOwn => isOwn;

    /// <summary>Somebody who may see the service is being answered; else it waits for a request, or for the rest of one, or for a token.</summary>
    public bool IsServed
    {
        get => _isServed;
        set => _isServed = value;
    }

    /// <summary>Cuts it off.</summary>
    public void Abort() => abort();
}
