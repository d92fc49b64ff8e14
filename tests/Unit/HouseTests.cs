using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Kernels;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Pixels;

namespace ResNetEdge.Tests.Unit;

/// <summary>Holds the repository to its own rules (CONTRIBUTING.md); each rule is also shown a house that breaks it.</summary>
public class HouseTests
{
    /// <summary>What stands in a table: every type that can be made and derives from the first is named in the second's text.</summary>
    public static TheoryData<Type, string> TabledRooms => new()
    {
        { typeof(Operator), "runtime/Core/Operators/OperatorTable.cs" },
        { typeof(Pass), "runtime/Core/Passes/PassList.cs" },
        { typeof(PreparedKernel), "runtime/Core/Kernels/KernelTable.cs" },
        { typeof(PictureFormat), "runtime/Core/Pixels/PixelFormats.cs" },
        { typeof(Observer), "exporter/Quantization/ObserverTable.cs" },
        { typeof(Architecture), "exporter/Architectures/ArchitectureTable.cs" },
    };

    [Fact]
    public void References_only_go_down() => House.Holds(House.OnDisk.ReferencesThatGoUp());

    [Fact]
    public void Top_level_is_the_agreed_list() => House.Holds(House.OnDisk.StrangersAtTopLevel());

    [Fact]
    public void Package_versions_stand_in_one_file() => House.Holds(House.OnDisk.VersionsOutsideDirectoryPackagesProps());

    [Fact]
    public void File_name_is_type_name() => House.Holds(House.OnDisk.FilesWithoutTheirType());

    [Fact]
    public void No_file_holds_two_things() => House.Holds(House.OnDisk.LongFiles());

    [Fact]
    public void No_unfinished_work_no_silenced_warning_no_local_path() => House.Holds(House.OnDisk.ForbiddenWords());

    [Theory]
    [MemberData(nameof(TabledRooms))]
    public void Every_type_of_a_tabled_room_is_in_its_table(Type member, string table)
    {
        string text = House.OnDisk.Files[table];
        var members = member.Assembly.GetTypes().Where(t => t.IsSubclassOf(member) && !t.IsAbstract).ToList();
        Assert.NotEmpty(members);
        Assert.All(members.Select(t => t.Name.Split('`')[0]), name => Assert.Matches($@"\bnew {name}\b", text));
    }

    [Fact]
    public void Each_rule_sees_a_house_that_breaks_it()
    {
        var house = new House(new Dictionary<string, string>
        {
            ["device/ResNetEdge.Device.csproj"] = "<Project><ProjectReference Include='../runtime/Core/ResNetEdge.Runtime.csproj'/></Project>",
            ["exporter/resnetedge-export.csproj"] = "<Project><PackageReference Include='Iced' Version='1.0.0'/></Project>",
            ["helpers/Misc.cs"] = "internal static class Various;" + new string('\n', House.LongestFileLines + 1) + "// TO" + "DO",
        });

        Assert.Equal(
            "device/ResNetEdge.Device.csproj refers to runtime/Core/ResNetEdge.Runtime.csproj, which is not on a lower floor",
            Assert.Single(house.ReferencesThatGoUp()));
        Assert.Equal("'helpers' is not one of the top level's names", Assert.Single(house.StrangersAtTopLevel()));
        Assert.Equal("exporter/resnetedge-export.csproj gives Iced its own version", Assert.Single(house.VersionsOutsideDirectoryPackagesProps()));
        Assert.Equal("helpers/Misc.cs declares no type 'Misc'", Assert.Single(house.FilesWithoutTheirType()));
        Assert.StartsWith("helpers/Misc.cs has 401 lines", Assert.Single(house.LongFiles()), StringComparison.Ordinal);
        Assert.Equal("helpers/Misc.cs contains 'TO" + "DO'", Assert.Single(house.ForbiddenWords()));
    }
}
