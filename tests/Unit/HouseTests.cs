using System.Reflection;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Exporter.Import.Passes;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Passes.Conversions;
using ResNetEdge.Pixels;
using ResNetEdge.Pixels.Frames;
using ResNetEdge.Plans.Fusions;
using ResNetEdge.Preprocess;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Tasks;

namespace ResNetEdge.Tests.Unit;

/// <summary>Holds the repository to its own rules (CONTRIBUTING.md); each rule is also shown a house that breaks it.</summary>
public class HouseTests
{
    /// <summary>What stands in a table: every type in the room of the first that derives from it and can be made is
    /// named in the second's text.</summary>
    public static TheoryData<Type, string> TabledRooms => new()
    {
        { typeof(Operator), "runtime/Core/Operators/OperatorTable.cs" },
        { typeof(Pass), "runtime/Core/Passes/PassList.cs" },
        { typeof(Conversion), "runtime/Core/Passes/Conversions/ConversionTable.cs" },
        { typeof(Fusion), "runtime/Core/Plans/Fusions/FusionList.cs" },
        { typeof(PreparedKernel), "runtime/Core/Backends/Cpu/KernelTable.cs" },
        { typeof(PictureFormat), "runtime/Core/Pixels/PixelFormats.cs" },
        { typeof(ResizeKernel), "runtime/Core/Preprocess/ResizeKernels.cs" },
        { typeof(YuvKernel), "runtime/Core/Pixels/Frames/YuvKernels.cs" },
        { typeof(Architecture), "exporter/Architectures/ArchitectureTable.cs" },
        { typeof(ImportPass), "exporter/Import/Passes/ImportPassList.cs" },
        { typeof(Observer), "exporter/Quantization/ObserverTable.cs" },
        { typeof(SinkSettings), "runtime/Service/Configuration/SinkTable.cs" },
        { typeof(ModelTask), "runtime/Core/Tasks/TaskTable.cs" },
    };

    [Fact]
    public void References_only_go_down() => House.Holds(House.OnDisk.ReferencesThatGoUp());

    [Fact]
    public void Rooms_refer_to_each_other_without_circles() => House.Holds(House.OnDisk.CirclesOfRooms());

    [Fact]
    public void Top_level_is_the_agreed_list() => House.Holds(House.OnDisk.StrangersAtTopLevel());

    [Fact]
    public void Package_versions_stand_in_one_file() => House.Holds(House.OnDisk.VersionsOutsideDirectoryPackagesProps());

    [Fact]
    public void File_name_is_type_name() => House.Holds(House.OnDisk.FilesWithoutTheirType());

    [Fact]
    public void No_file_holds_two_things() => House.Holds(House.OnDisk.LongFiles());

    [Fact]
    public void No_line_is_wider_than_editorconfig_says() => House.Holds(House.OnDisk.WideLines());

    [Fact]
    public void Docs_say_more_than_the_name() => House.Holds(House.OnDisk.DocsOfOneWord());

    [Fact]
    public void No_unfinished_work_no_silenced_warning_no_local_path() => House.Holds(House.OnDisk.ForbiddenWords());

    [Fact]
    public void Files_of_users_are_opened_by_one_gate() => House.Holds(House.OnDisk.FilesOpenedPastTheGate());

    [Fact]
    public void Every_decision_that_is_named_exists() => House.Holds(House.OnDisk.DecisionsThatDoNotExist());

    [Theory]
    [MemberData(nameof(TabledRooms))]
    public void Every_type_of_a_tabled_room_is_in_its_table(Type member, string table) => AllInTable(
        member.Assembly.GetTypes().Where(t => t.IsSubclassOf(member) && t.Namespace!.StartsWith(member.Namespace!, StringComparison.Ordinal)), table);

    [Fact]
    public void Every_checkpoint_reader_is_in_its_table() => AllInTable(
        typeof(CheckpointFormat).Assembly.GetTypes().Where(t => t.Namespace == typeof(CheckpointFormat).Namespace && t.IsAbstract && t.IsSealed
            && t.GetMethod("Matches", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic) != null),
        "exporter/Checkpoints/CheckpointFormats.cs");

    [Theory]
    [InlineData("resnetedge", "runtime/Cli/Program.cs")]
    [InlineData("resnetedge-service", "runtime/Daemon/Program.cs")]
    [InlineData("resnetedge-export", "exporter/Program.cs")]
    public void Every_verb_is_in_its_programs_table(string program, string table) => AllInTable(
        Assembly.Load(program).GetTypes()
            .Where(t => t.IsSealed && t.IsAbstract && t.Namespace?.EndsWith(".Commands", StringComparison.Ordinal) == true
                && t.Name.EndsWith("Command", StringComparison.Ordinal)),
        table);

    /// <summary>The reference engine defines the numbers and cannot be asked for by name.</summary>
    [Fact]
    public void Every_engine_is_in_its_table() => AllInTable(
        typeof(IEngine).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IEngine)) && t != typeof(ReferenceEngine)
            && t != typeof(StatefulEngine)),
        "runtime/Core/Engines/EngineTable.cs");

    [Fact]
    public void Each_rule_sees_a_house_that_breaks_it()
    {
        var house = new House(new Dictionary<string, string>
        {
            ["device/ResNetEdge.Device.csproj"] = "<Project><ProjectReference Include='../runtime/Core/ResNetEdge.Runtime.csproj'/></Project>",
            ["exporter/resnetedge-export.csproj"] = "<Project><PackageReference Include='Iced' Version='1.0.0'/></Project>",
            ["runtime/Core/Reader.cs"] = "internal static class Reader { byte[] Of(string path) => File.ReadAll" + "Bytes(path); }",
            ["docs/install.md"] = "see 0999" + "-nowhere.md",
            [".editorconfig"] = "[*]\nindent_size = 4\n\n[*.{cs,sh}]\nmax_line_length = 90\n\n[*.cs]\nmax_doc = 1\n",
            ["build.sh"] = "#!/bin/bash\n" + new string('#', 91) + "\n" + new string('#', 90),
            ["device/Opening.cs"] = "/// <summary>Opens" + ".</summary>\ninternal static class Opening { }",
            ["docs/wide.md"] = new string('#', 91),
            ["device/Wide.g.cs"] = new string('/', 91),
            ["device/Data.cs"] = "internal static class Data { const string Text = \"\"\"\n" + new string('x', 91) + "\n\"\"\"; }",
            ["helpers/Misc.cs"] = "internal static class Various;" + new string('\n', House.LongestFileLines + 1) + "// TO" + "DO",
        });

        Assert.Equal(
            "device/ResNetEdge.Device.csproj refers to runtime/Core/ResNetEdge.Runtime.csproj, which is not on a lower floor",
            Assert.Single(house.ReferencesThatGoUp()));
        Assert.StartsWith("runtime/Core/Reader.cs opens a file by", Assert.Single(house.FilesOpenedPastTheGate()), StringComparison.Ordinal);
        Assert.Equal(
            "docs/install.md points to the decision 0999-nowhere" + ".md, which does not exist", Assert.Single(house.DecisionsThatDoNotExist()));
        Assert.Equal("'helpers' is not one of the top level's names", Assert.Single(house.StrangersAtTopLevel()));
        Assert.Equal("exporter/resnetedge-export.csproj gives Iced its own version", Assert.Single(house.VersionsOutsideDirectoryPackagesProps()));
        Assert.Equal("helpers/Misc.cs declares no type 'Misc'", Assert.Single(house.FilesWithoutTheirType()));
        Assert.StartsWith("helpers/Misc.cs has 401 lines", Assert.Single(house.LongFiles()), StringComparison.Ordinal);
        Assert.StartsWith("device/Opening.cs documents something by 'Opens' alone", Assert.Single(house.DocsOfOneWord()), StringComparison.Ordinal);
        Assert.Equal("build.sh:2 has 91 columns, more than 90", Assert.Single(house.WideLines()));
        Assert.Equal("helpers/Misc.cs contains 'TO" + "DO'", Assert.Single(house.ForbiddenWords()));
    }

    private static void AllInTable(IEnumerable<Type> types, string table)
    {
        // A long table has several files, and a static class is abstract and sealed; an abstract one that is not sealed only serves others.
        string text = string.Concat(House.OnDisk.Files.Where(f => f.Key == table
            || f.Key.StartsWith(table[..^"cs".Length], StringComparison.Ordinal)).Select(f => f.Value));
        var names = types.Where(t => !t.IsInterface && (!t.IsAbstract || t.IsSealed)).Select(t => t.Name.Split('`')[0]).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Matches($@"\bnew {name}\b|\b{name}\.", text));
    }
}
