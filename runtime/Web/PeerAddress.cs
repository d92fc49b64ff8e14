using System.Net;
using System.Net.Sockets;

namespace ResNetEdge.Web;

/// <summary>
/// Who is on the other end, as far as limits go: an IPv4 address, or the 64 bits of an IPv6 address
/// behind which one host has as many addresses as it likes.
/// </summary>
internal static class PeerAddress
{
    private const int PrefixBytes = 8;

    /// <summary>The part of an address that limits hold for; every address of this machine's loopback network is one.</summary>
    /// <param name="address">Of a connection; null where it is not known.</param>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return IPAddress.Loopback;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new IPAddress(bytes);
    }
}
