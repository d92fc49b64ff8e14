using ResNetEdge.Device.Native;
using ResNetEdge.Service;

namespace ResNetEdge.Web;

/// <summary>
/// The token as its file has it now: a rotated one holds from the next request on, without a restart, and the old one opens nothing any more.
/// A file that is missing or has no valid token is reported once, and the previous token stays valid. From any thread.
/// </summary>
internal sealed class TokenFile
{
    private readonly string _path;
    private readonly Log _log;
    private readonly Lock _turn = new();
    private Stamp _seen;
    private AccessToken _current;

    /// <summary>Reads the token for the first time.</summary>
    /// <param name="path">As configured.</param>
    /// <param name="log">Told of rotations, and of files that cannot be used.</param>
    /// <exception cref="EdgeException">Exit 3: it cannot be read, or holds no good token.</exception>
    public TokenFile(string path, Log log)
    {
        (_path, _log, _seen) = (path, log, Stamp.Of(path));
        _current = AccessToken.Read(path, log);
    }

    /// <summary>What a request must bear now; a look at the file's date is all that it costs.</summary>
    public AccessToken Current
    {
        get
        {
            lock (_turn)
            {
                var stamp = Stamp.Of(_path);
                if (stamp != _seen) Read(stamp);
                return _current;
            }
        }
    }

    private void Read(Stamp stamp)
    {
        _seen = stamp; // taken before reading: what is written meanwhile is seen at the next look
        try
        {
            _current = AccessToken.Read(_path, _log);
            _log.Notice("the live page's token was changed", ("file", _path));
        }
        catch (EdgeException e)
        {
            _log.Error("the live page's new token cannot be used; the old one stays valid", ("reason", e.Message));
        }
    }

    /// <summary>What tells that the file was replaced or written to.</summary>
    private readonly record struct Stamp(ulong Inode, long Length, long Ticks)
    {
        public static Stamp Of(string path)
        {
            var facts = FileFacts.Of(path);
            if (facts.Kind is not FileKind.Regular) return new(facts.Inode, -1, 0);
            try
            {
                var file = new FileInfo(path);
                return new(facts.Inode, file.Length, file.LastWriteTimeUtc.Ticks);
            }
            catch (IOException)
            {
                return new(0, -1, 0); // being replaced at this moment; the next look sees what came of it
            }
        }
    }
}
