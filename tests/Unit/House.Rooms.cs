using System.Text.RegularExpressions;

namespace ResNetEdge.Tests.Unit;

/// <summary>Rooms are the first-level folders of a project; files beside the project file are a room of their own.</summary>
internal sealed partial record House
{
    /// <summary>Rooms that name each other's types, directly or through others. What counts is a using directive, a name that is
    /// qualified by a namespace, and a type of an enclosing namespace, which needs no using. A program's entry file has no namespace,
    /// so nothing can refer to it, and it may refer to all.</summary>
    public IEnumerable<string> CirclesOfRooms() =>
        from project in RoomFiles().GroupBy(file => file.Project)
        from circle in GraphOf([.. project]).Circles()
        select $"{project.Key}: {string.Join(" -> ", circle.Rooms)} -> {circle.Rooms[0]} is a circle, by {string.Join(", ", circle.Places)}";

    private static RoomGraph GraphOf(IReadOnlyList<RoomFile> files)
    {
        var roomsOfNamespace = files.ToLookup(file => file.Namespace, file => file.Room);
        var roomOfType = files
            .SelectMany(
                file => TypeAtTopLevel().Matches(file.Code), (file, type) => (Name: $"{file.Namespace}.{type.Groups["name"].Value}", file.Room))
            .DistinctBy(type => type.Name).ToDictionary(type => type.Name, type => type.Room);
        var graph = new RoomGraph();
        foreach (var file in files)
        {
            foreach (Match used in UsingDirective().Matches(file.Code))
            {
                string name = used.Groups["name"].Value;
                foreach (string room in roomsOfNamespace[name].Append(RoomOf(name.Split('.'), "")).OfType<string>()) Refer(room, used);
            }
            foreach (Match name in PossiblyQualifiedName().Matches(file.Code))
                if (RoomOf(name.Value.Split('.', StringSplitOptions.TrimEntries), file.Namespace) is { } room) Refer(room, name);

            void Refer(string room, Match match) =>
                graph.Add(file.Room, room, $"{file.Path}:{file.Code.AsSpan(0, match.Index).Count('\n') + 1}");
        }
        return graph;

        // As the compiler does: the first name is looked up in the file's namespace, then in each enclosing one.
        string? RoomOf(string[] name, string scope)
        {
            for (; ; scope = Enclosing(scope))
            {
                string full = scope;
                foreach (string part in name)
                {
                    full = full.Length == 0 ? part : $"{full}.{part}";
                    if (roomOfType.TryGetValue(full, out string? room)) return room;
                    if (!IsNamespace(full)) break;
                }
                if (scope.Length == 0) return null;
            }
        }

        bool IsNamespace(string name) =>
            roomsOfNamespace.Any(known => known.Key == name || known.Key.StartsWith(name + ".", StringComparison.Ordinal));
    }

    private IEnumerable<RoomFile> RoomFiles()
    {
        string[] projects = [.. Projects.Select(project => Path.GetDirectoryName(project.Path)!.Replace('\\', '/'))];
        foreach (var (path, text) in Sources)
        {
            string? project = projects.Where(folder => path.StartsWith(folder + "/", StringComparison.Ordinal)).MaxBy(folder => folder.Length);
            string space = Namespace().Match(text).Groups["name"].Value;
            if (project is null or "tests" || space.Length == 0 || path == project + "/Program.cs") continue;
            string[] folders = path[(project.Length + 1)..].Split('/');
            yield return new RoomFile(path, project, folders.Length > 1 ? folders[0] : project, space, SourceText.CodeOf(text));
        }
    }

    private static string Enclosing(string space) => space[..Math.Max(space.LastIndexOf('.'), 0)];

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"(?<![\w.])\p{Lu}\w*(?:\s*\.\s*\p{Lu}\w*)*")]
    private static partial Regex PossiblyQualifiedName();
}
