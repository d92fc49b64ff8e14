using System.Net.Sockets;
using ResNetEdge.Device;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Triggers;

/// <summary>Asks for each line that comes in by a UNIX socket. One thread, which sleeps in the kernel until somebody connects or writes.</summary>
internal sealed class SocketTrigger : IDisposable
{
    private const int MostClients = 16;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500); // whether it is to end
    private readonly SocketTriggerSettings _settings;
    private readonly TriggerContext _context;
    private readonly TriggerTrouble _trouble;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
    private readonly ManualResetEventSlim _stop = new();
    private readonly List<AskingClient> _clients = [];
    private readonly Thread _thread;

    /// <summary>Begins to listen.</summary>
    public SocketTrigger(SocketTriggerSettings settings, TriggerContext context)
    {
        (_settings, _context) = (settings, context);
        _trouble = new TriggerTrouble(settings.Name, context.Log);
        _thread = new Thread(Work) { Name = $"trigger {settings.Name}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Removes the socket.</summary>
    public void Dispose()
    {
        if (_stop.IsSet) return;
        _stop.Set();
        _thread.Join(); // within LookEvery
    }

    private void Work()
    {
        while (!_stop.IsSet)
        {
            try
            {
                using var listener = new UnixListener(_settings.Path, _settings.Mode);
                _trouble.Works();
                while (!_stop.IsSet) Serve(listener);
            }
            catch (EdgeException e)
            {
                _trouble.Fails(e.Message);
                _context.Time.Wait(_stop, _backoff.Next());
            }
        }

        foreach (var client in _clients) client.Dispose();
    }

    private void Serve(UnixListener listener)
    {
        var readable = new List<Socket>(_clients.Count + 1) { listener.Socket };
        readable.AddRange(_clients.Where(c => c.MayWrite).Select(c => c.Socket));
        Socket.Select(readable, null, null, LookEvery);
        foreach (var client in _clients.Where(c => readable.Contains(c.Socket)))
        {
            for (int lines = client.Read(); lines > 0; lines--) Ask(client);
        }

        for (int i = _clients.Count - 1; i >= 0; i--)
        {
            if (!_clients[i].IsDone) continue;
            _clients[i].Dispose();
            _clients.RemoveAt(i);
        }

        if (!readable.Contains(listener.Socket) || listener.Accept() is not { } socket) return;
        if (_clients.Count < MostClients) _clients.Add(new AskingClient(socket));
        else socket.Dispose();
    }

    private void Ask(AskingClient client)
    {
        var request = new LookRequest(_settings.Name, _settings.Cameras, _context.Time.Now(), client.Answer);
        int answers = _context.Queue.Answers(request.Cameras);
        client.Owe(answers); // before it is asked: an answer may come at once
        if (_context.Queue.Ask(request)) return;
        client.Owe(1 - answers);
        client.Answer(LookAnswer.Refusal(request));
    }
}
