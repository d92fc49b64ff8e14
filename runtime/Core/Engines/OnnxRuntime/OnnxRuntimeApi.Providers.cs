using System.Runtime.InteropServices;
using System.Text;

namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>Execution providers: how a session gets one, and how it is known that it really runs there.</summary>
internal sealed unsafe partial class OnnxRuntimeApi
{
    private const string NoFallback = "session.disable_cpu_ep_fallback", Record = "session.record_ep_graph_assignment_info";

    /// <summary>
    /// A session whose every node the provider runs. The library alone would go on with the CPU: a provider that cannot be had leaves
    /// a session that works, and so do nodes that it does not take. Hence three checks: the status of appending it, no fallback, and whom each
    /// node was assigned to.
    /// </summary>
    /// <returns>The session, and how many nodes it has.</returns>
    /// <exception cref="EdgeException">
    /// Unavailable: a library is missing, or nodes cannot be run there, which are named. Usage: an option is unknown.
    /// </exception>
    public (nint Handle, int Nodes) CreateSession(
        ReadOnlySpan<byte> model, string? path, EngineOptions wanted, OnnxRuntimeProvider provider, string what)
    {
        void* options = CreateOptions(wanted.Threads, what);
        void* session = null;
        try
        {
            Append(options, provider, wanted.ProviderOptions, what);
            Set(options, Record, "1", what);
            Set(options, NoFallback, "1", what);
            void* status = TryCreate(model, path, options, &session);
            if (status != null)
            {
                string reason = Read(status);
                Set(options, NoFallback, "0", what); // Only to learn the names of the nodes.
                Check(TryCreate(model, path, options, &session), what);
                throw EdgeException.Unavailable(OnnxRuntimeAssignment.Elsewhere(Assignments(session, what), provider.ExecutionProvider) is { } nodes
                    ? Refusal(what, provider, nodes)
                    : $"{what} on provider {provider.Name}: ONNX Runtime says \"{reason}\"");
            }

            var assigned = Assignments(session, what);
            if (OnnxRuntimeAssignment.Elsewhere(assigned, provider.ExecutionProvider) is { } elsewhere)
                throw EdgeException.Unavailable(Refusal(what, provider, elsewhere));
            return ((nint)session, assigned.Count);
        }
        catch
        {
            if (session != null) ReleaseSession(session);
            throw;
        }
        finally
        {
            ReleaseOptions(options);
        }
    }

    /// <summary>Whom each node was assigned to; the session must have been made with a record of it.</summary>
    internal IReadOnlyList<OnnxRuntimeAssignment> Assignments(void* session, string what)
    {
        void** subgraphs;
        nuint count;
        Check(((delegate* unmanaged[Cdecl]<void*, void***, nuint*, void*>)_slots[407])(session, &subgraphs, &count), what);
        var all = new List<OnnxRuntimeAssignment>();
        for (nuint i = 0; i < count; i++)
        {
            string provider = Text(subgraphs[i], 408, what);
            void** nodes;
            nuint nodeCount;
            Check(((delegate* unmanaged[Cdecl]<void*, void***, nuint*, void*>)_slots[409])(subgraphs[i], &nodes, &nodeCount), what);
            for (nuint n = 0; n < nodeCount; n++) all.Add(new(provider, Text(nodes[n], 410, what), Text(nodes[n], 412, what)));
        }

        return all;
    }

    private static string Refusal(string what, OnnxRuntimeProvider provider, string nodes) =>
        $"{what}: provider {provider.Name} of ONNX Runtime does not run {nodes}, and nothing is run on the CPU instead; "
        + "leave out --provider to do so";

    // Keys and values are the library's: https://onnxruntime.ai/docs/execution-providers.
    private void Append(void* options, OnnxRuntimeProvider provider, IReadOnlyDictionary<string, string> settings, string what)
    {
        _ = Environment; // Providers write to its log.
        OnnxRuntimeLog.Forget();
        void* made;
        CheckProvider(((delegate* unmanaged[Cdecl]<void**, void*>)_slots[provider.Create])(&made), provider, what);
        try
        {
            if (settings.Count > 0) CheckProvider(Update(made, provider, settings), provider, what);
            CheckProvider(((delegate* unmanaged[Cdecl]<void*, void*, void*>)_slots[provider.Append])(options, made), provider, what);
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<void*, void>)_slots[provider.Release])(made);
        }
    }

    private void* Update(void* made, OnnxRuntimeProvider provider, IReadOnlyDictionary<string, string> settings)
    {
        nint[] texts = [.. settings.Keys.Concat(settings.Values).Select(Marshal.StringToCoTaskMemUTF8)];
        try
        {
            fixed (nint* all = texts)
            {
                var update = (delegate* unmanaged[Cdecl]<void*, byte**, byte**, nuint, void*>)_slots[provider.Update];
                return update(made, (byte**)all, (byte**)all + settings.Count, (nuint)settings.Count);
            }
        }
        finally
        {
            foreach (nint text in texts) Marshal.FreeCoTaskMem(text);
        }
    }

    private void CheckProvider(void* status, OnnxRuntimeProvider provider, string what)
    {
        if (status == null) return;
        bool isUnknownOption = CodeOf(status) == ErrorCode.InvalidArgument;
        string said = Read(status);
        // The status does not say which library is missing; the log does.
        string reason = OnnxRuntimeLog.LastError is { } logged && OneLine(logged) is var why && why != said ? $"{said}: {why}" : said;
        throw new EdgeException(
            isUnknownOption ? FailureKind.Usage : FailureKind.Unavailable, $"{what} on provider {provider.Name}: ONNX Runtime says \"{reason}\"");
    }

    private void Set(void* options, string key, string value, string what)
    {
        fixed (byte* k = Encoding.UTF8.GetBytes(key + "\0"), v = Encoding.UTF8.GetBytes(value + "\0"))
            Check(((delegate* unmanaged[Cdecl]<void*, byte*, byte*, void*>)_slots[130])(options, k, v), what);
    }

    private string Text(void* of, int slot, string what)
    {
        byte* text; // belongs to what it names
        Check(((delegate* unmanaged[Cdecl]<void*, byte**, void*>)_slots[slot])(of, &text), what);
        return Utf8(text);
    }
}
