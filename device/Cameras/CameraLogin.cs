using System.Text;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>User name and password of a camera of the network.</summary>
/// <param name="User">As the camera knows it.</param>
/// <param name="Password">In plain text; never shown.</param>
internal sealed record CameraLogin(string User, string Password)
{
    private const int MostBytes = 4096;

    /// <summary>Those of a request: of its address, or its user and the first line of its password file, which is read again each time.</summary>
    /// <returns>Null: the request has none.</returns>
    /// <exception cref="EdgeException">Exit 3: the password file may be read by everybody, or contains no password.</exception>
    /// <exception cref="CameraException">The password file cannot be read now.</exception>
    public static CameraLogin? Of(CameraRequest request)
    {
        if (request.User is { } user) return new CameraLogin(user, request.PasswordFile is { } path ? FirstLine(path, request.Device) : "");
        if (request.Device.Uri is not { UserInfo.Length: > 0 } address) return null;
        string[] parts = address.UserInfo.Split(':', 2);
        return new CameraLogin(Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => User;

    private static string FirstLine(string path, SafeAddress device)
    {
        try
        {
            if (FileFacts.MayEverybodyRead(path))
                throw EdgeException.BadInput($"{device}: everybody may read the password file '{path}'; run: chmod o= '{path}'");
            string line = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path, MostBytes)).Split('\n')[0].TrimEnd('\r');
            return line.Length > 0 && !line.Any(char.IsControl) ? line
                : throw EdgeException.BadInput($"{device}: the first line of the password file '{path}' must be the password");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"{device}: the password file '{path}' cannot be read ({e.Message})", e);
        }
    }
}
